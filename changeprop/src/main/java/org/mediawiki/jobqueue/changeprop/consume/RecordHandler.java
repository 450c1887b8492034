package org.mediawiki.jobqueue.changeprop.consume;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** Whoever works on the records. Called on the poll thread; its methods return at once. */
public interface RecordHandler {

    /** Takes the records over; every slot is closed sooner or later. */
    void handle(List<PolledRecord> records);

    /**
     * Nothing of these partitions starts from here on: the slots of what has not started are closed as
     * {@linkplain org.mediawiki.jobqueue.changeprop.ledger.Ending#RELEASED released}, those of what runs are closed
     * when it ends.
     *
     * @return completes when that holds, on a thread that must not be blocked; fails where it may not hold for all
     */
    CompletableFuture<Void> release(Collection<TopicPartition> partitions);

    /**
     * Which jobs of these partitions, which were released, have begun and not ended. Completes on a thread that must not
     * be blocked; a slot of theirs that is open and not named there belongs to a record that is no job.
     */
    CompletableFuture<Map<Place, JobAtWork>> atWork(Collection<TopicPartition> partitions);

    /**
     * An earlier owner of these records has begun their jobs. Those that run take their slots in the limits from here on;
     * none is started again, but its slot is closed when it {@linkplain #endedElsewhere ends there}. Called before the
     * records are handed over.
     */
    void expect(List<Expected> jobs);

    /**
     * A job that was {@linkplain #expect expected} without an end has ended.
     *
     * @param how {@link Ending#RELEASED}: it must be run here
     */
    void endedElsewhere(Place place, Ending how);

    /**
     * How many bytes may be kept from here on of the jobs of a type that cannot start, as their wiki is read-only or busy;
     * {@link Long#MAX_VALUE}: as many as usual. Partitions that wait for their part of a full lane must not be full of them.
     */
    void keepBlocked(long bytes);

    /** Jobs may start again: the {@link Lease} is held that was not. */
    void goOn();

    /**
     * A job that an earlier owner of its partition has begun.
     *
     * @param job empty where the record is no job
     * @param takesSlots whether it runs on another instance, or in another lane of this one, and counts against the limits
     *     here
     * @param ended how it ended; empty where it has not
     */
    record Expected(Place place, Optional<JobAtWork> job, boolean takesSlots, Optional<Ending> ended) {}

    /**
     * What still runs of these partitions, which were released, is waited for no longer: it will run again elsewhere.
     * Whoever knows the jobs names them, so that operators know which those are.
     */
    void leaveRunning(Collection<TopicPartition> partitions);

    /** As {@link #release} for everything, and for whatever is handed over from here on. */
    void stop();
}
