package org.mediawiki.jobqueue.changeprop.consume;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;

/**
 * Whoever works on records when their partitions go to somebody else. Called on the poll thread; its methods return at
 * once.
 */
public interface JobHandOver {

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
     * What still runs of these partitions, which were released, is waited for no longer: it will run again elsewhere.
     * Whoever knows the jobs names them, so that operators know which those are.
     */
    void leaveRunning(Collection<TopicPartition> partitions);

    /** Jobs may start again: the {@link Lease} is held that was not. */
    void goOn();
}
