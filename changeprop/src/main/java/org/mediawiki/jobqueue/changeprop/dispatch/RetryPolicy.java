package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

    /**
     * A retry that follows.
     *
     * @param nth which it is, from 1
     * @param left {@code retries_left} of its event: how many there may be, with it
     */
    record Retry(int nth, int left) {}

    /**
     * What follows when an attempt failed; empty: nothing, the job is dead. Never more retries are left than the limit
     * allows, whatever an event from before a change of the limit says.
     *
     * @param asked the retry event that asked for the attempt; empty where the job came from its own topic
     */
    Optional<Retry> afterFailure(Optional<RetryEvent> asked) {
        Retry next = asked.filter(retry -> !retry.waited())
                .map(retry -> new Retry(nthOf(retry) + 1, Math.min(limit, retry.retriesLeft()) - 1))
                .orElse(new Retry(1, limit));
        return next.left() > 0 ? Optional.of(next) : Optional.empty();
    }

    /**
     * {@code retries_left} of the event that brings a job back which has had no attempt yet. One more than after its
     * first failure, so that the legacy service counts as we do.
     */
    int beforeFirstAttempt() {
        return limit + 1;
    }

    /**
     * When the attempt that {@code retry} asks for is due; {@code now} where the event does not say when it was sent,
     * or says that it was not sent yet: such a job would wait for years.
     */
    Instant dueAt(RetryEvent retry, Instant now) {
        return retry.sentAt()
                .filter(sent -> sent.isBefore(now.plus(CLOCK_SKEW)))
                .map(sent -> sent.plus(delayBefore(nthOf(retry))))
                .orElse(now);
    }

    /** Where the event does not say, it was counted from the limit of today: a higher one since then makes it later. */
    private int nthOf(RetryEvent retry) {
        return retry.nthRetry().orElse(limit - retry.retriesLeft() + 1);
    }

    /**
     * How long a job waits between a failure and the retry that follows it, in whole milliseconds.
     *
     * @param nthRetry 1 is the first, as is anything below: an event of somebody whose limit is higher may have more
     *     retries left than we allow
     */
    public Duration delayBefore(int nthRetry) {
        double millis = delay.toMillis() * Math.pow(factor, Math.max(0, nthRetry - 1));
        return millis >= LONGEST_DELAY.toMillis() ? LONGEST_DELAY : Duration.ofMillis(Math.round(millis));
    }
}
