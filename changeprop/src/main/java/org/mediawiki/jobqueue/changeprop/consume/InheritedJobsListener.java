package org.mediawiki.jobqueue.changeprop.consume;

import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/**
 * Hears of jobs that an earlier owner of their partitions has begun. Called on the poll thread; its methods return at
 * once.
 */
public interface InheritedJobsListener {

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
     * A job that an earlier owner of its partition has begun.
     *
     * @param job empty where the record is no job
     * @param takesSlots whether it runs on another instance, or in another lane of this one, and counts against the limits
     *     here
     * @param ended how it ended; empty where it has not
     */
    record Expected(Place place, Optional<JobAtWork> job, boolean takesSlots, Optional<Ending> ended) {}
}
