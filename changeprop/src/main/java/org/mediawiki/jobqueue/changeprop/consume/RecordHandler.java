package org.mediawiki.jobqueue.changeprop.consume;

import java.util.List;

/** Whoever works on the records. Called on the poll thread; its methods return at once. */
public interface RecordHandler extends JobHandOver, InheritedJobsListener {

    /** Takes the records over; every slot is closed sooner or later. */
    void handle(List<PolledRecord> records);

    /**
     * How many bytes may be kept from here on of the jobs of a type that cannot start, as their wiki is read-only or busy;
     * {@link Long#MAX_VALUE}: as many as usual. Partitions that wait for their part of a full lane must not be full of them.
     */
    void keepBlocked(long bytes);

    /** As {@link #release} for everything, and for whatever is handed over from here on. */
    void stop();
}
