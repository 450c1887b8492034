package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;

/**
 * How often and when a job that failed is tried again (SPEC section 5). The count of attempts lives in the retry
 * events alone, so no restart and no rebalance resets it. Pure.
 *
 * @param limit how many attempts follow the first; 0 means none
 * @param delay how long the first retry waits
 * @param factor how many times longer each retry waits than the one before; 1 or more
 */
public record RetryPolicy(int limit, Duration delay, double factor) {

    /** No retry waits longer, whatever the factor; bounds what a configuration can ask for. */
    static final Duration LONGEST_DELAY = Duration.ofDays(30);

    /** By how much the clock of whoever sent a retry event may be ahead of ours. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    public RetryPolicy {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor must be 1 or more, not " + factor);
        }
    }

    /** {@code retries_left} of the event to send when the first attempt failed; empty: none, the job is dead. */
    OptionalInt afterFirstAttempt() {
        return limit > 0 ? OptionalInt.of(limit) : OptionalInt.empty();
    }

    /** {@code retries_left} of the event to send when the attempt that {@code failed} asked for failed as well. */
    static OptionalInt afterRetry(RetryEvent failed) {
        int left = failed.retriesLeft() - 1;
        return left > 0 ? OptionalInt.of(left) : OptionalInt.empty();
    }

    /**
     * When the attempt that {@code retry} asks for is due; {@code now} where the event does not say when it was sent,
     * or says that it was not sent yet: such a job would wait for years.
     */
    Instant dueAt(RetryEvent retry, Instant now) {
        return retry.sentAt()
                .filter(sent -> sent.isBefore(now.plus(CLOCK_SKEW)))
                .map(sent -> sent.plus(delayBefore(nth(retry))))
                .orElse(now);
    }

    /**
     * How long a job waits between a failure and the retry that follows it, in whole milliseconds.
     *
     * @param nthRetry 1 is the first, as is anything below
     */
    public Duration delayBefore(int nthRetry) {
        double millis = delay.toMillis() * Math.pow(factor, Math.max(0, nthRetry - 1));
        return millis >= LONGEST_DELAY.toMillis() ? LONGEST_DELAY : Duration.ofMillis(Math.round(millis));
    }

    /** An event of somebody whose limit is higher may have more left than before our first retry. */
    private int nth(RetryEvent retry) {
        return limit - retry.retriesLeft() + 1;
    }
}
