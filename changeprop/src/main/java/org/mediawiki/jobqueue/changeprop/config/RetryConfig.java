package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;

/** Retries of failed jobs (SPEC section 5). With the defaults: after 1 minute, after 6 more, then dead. */
public record RetryConfig(
        @Setting(
                value = "How often a failed job is tried again before it is dead; 0: never.",
                byDefault = "2",
                min = 0,
                max = 100)
        int limit,

        @Setting(value = "Wait before the first retry.", byDefault = "60s", min = 0)
        Duration delay,

        @Setting(value = "Each further wait is this many times the one before.", byDefault = "6", min = 1, max = 100)
        double factor) {

    /** No retry waits longer, whatever the factor; bounds what a configuration can ask for. */
    public static final Duration LONGEST_DELAY = Duration.ofDays(30);

    /** The schema refuses such values with better words; this is for whoever builds one by hand. */
    public RetryConfig {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor must be 1 or more, not " + factor);
        }
    }

    /**
     * How long the job waits between a failure and the retry that follows it. Pure.
     *
     * @param nthRetry 1 is the first; less counts as the first
     * @return {@link #LONGEST_DELAY} at most; whole milliseconds
     */
    public Duration delayBefore(int nthRetry) {
        double millis = delay.toMillis() * Math.pow(factor, Math.max(0, nthRetry - 1));
        return millis >= LONGEST_DELAY.toMillis() ? LONGEST_DELAY : Duration.ofMillis(Math.round(millis));
    }
}
