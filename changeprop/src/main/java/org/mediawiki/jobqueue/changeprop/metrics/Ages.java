package org.mediawiki.jobqueue.changeprop.metrics;

import java.time.Duration;

/**
 * How old the oldest jobs of a type are; zero where there is none.
 *
 * @param attempt how long the oldest attempt has been under way
 * @param waiting how long ago the record was written whose job has waited for a slot the longest
 * @param record how long ago the oldest record was written whose job runs or waits for a slot
 */
public record Ages(Duration attempt, Duration waiting, Duration record) {

    /** Of a type that has no jobs. */
    public static final Ages NONE = new Ages(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** The larger of each. */
    public Ages orLonger(Ages other) {
        return new Ages(longer(attempt, other.attempt), longer(waiting, other.waiting), longer(record, other.record));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
