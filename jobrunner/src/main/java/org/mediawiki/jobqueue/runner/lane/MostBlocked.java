package org.mediawiki.jobqueue.runner.lane;

import org.mediawiki.jobqueue.runner.Job;

/**
 * What a lane keeps of one type's tasks while their wiki is held or their wiki or section is full; further ones are
 * turned away. With it, the type's jobs that could start must still find their way into the lane.
 *
 * @param places the most of them; 1 or more
 * @param bytes the most that their bodies may take together, give or take a place for each; 1 or more. A larger one is not kept
 */
public record MostBlocked(int places, long bytes) {

    /** A quarter of the records of a partition that are open at once where no limit is large. */
    public static final int DEFAULT_PLACES = 250;

    /** What a job takes that is no larger than most are: body and bookkeeping, each as much. */
    private static final long SMALL_BYTES = 3_000;

    public MostBlocked {
        if (places < 1 || bytes < 1) {
            throw new IllegalArgumentException("must be 1 or more: " + places + " places, " + bytes + " bytes");
        }
    }

    /** Whatever their size. */
    public MostBlocked(int places) {
        this(places, Long.MAX_VALUE);
    }

    /** The same within {@code most} bytes: as many places as small jobs would take of them. */
    MostBlocked within(long most) {
        return most >= bytes
                ? this
                : new MostBlocked((int) Math.max(1, Math.min(places, most / SMALL_BYTES)), Math.max(1, most));
    }

    /** How many places the job takes: one, and one more for each part of {@link #bytes}; at most one more than there are. */
    int placesOf(Job job) {
        long placeBytes = Math.max(1, bytes / places);
        return (int) Math.min(places + 1L, 1 + job.body().length() / placeBytes);
    }
}
