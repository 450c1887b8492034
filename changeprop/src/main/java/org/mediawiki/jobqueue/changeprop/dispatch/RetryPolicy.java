package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.changeprop.config.RetryConfig;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;

/**
 * How often and when a job that failed is tried again (SPEC section 5). The count of attempts lives in the retry
 * events alone, so no restart and no rebalance resets it. Pure.
 *
 * @param settings how many attempts follow the first, and how long each waits
 */
public record RetryPolicy(RetryConfig settings) {

    /** By how much the clock of whoever sent a retry event may be ahead of ours. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /** {@code retries_left} of the event to send when the first attempt failed; empty: none, the job is dead. */
    OptionalInt afterFirstAttempt() {
        return settings.limit() > 0 ? OptionalInt.of(settings.limit()) : OptionalInt.empty();
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
                .map(sent -> sent.plus(settings.delayBefore(nth(retry))))
                .orElse(now);
    }

    /** An event of somebody whose limit is higher may have more left than our first retry. */
    private int nth(RetryEvent retry) {
        return Math.max(0, settings.limit() - retry.retriesLeft()) + 1;
    }
}
