package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.core.metrics.Metrics.Outcome;
import io.github.resilience4j.core.metrics.SlidingTimeWindowMetrics;
import io.github.resilience4j.core.metrics.Snapshot;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

/**
 * What the calls of one job type tell. It is sick when {@code failure_rate} of at least {@code minimum_calls} in the
 * window fail, or when {@code minimum_calls} fail in a row, be the window full of what went well before.
 */
final class TypeRecord {

    private final BreakerSettings settings;
    private final Clock clock;
    private SlidingTimeWindowMetrics calls;
    private int failedInARow;

    TypeRecord(BreakerSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.calls = settings.emptyWindow(clock);
    }

    void succeeded() {
        failedInARow = 0;
        calls.record(0, TimeUnit.NANOSECONDS, Outcome.SUCCESS);
    }

    /** @return why the type is sick; empty where it is not */
    Optional<TripReason> failed() {
        failedInARow++;
        Snapshot window = calls.record(0, TimeUnit.NANOSECONDS, Outcome.ERROR);
        if (window.getTotalNumberOfCalls() >= settings.minimumCalls()
                && window.getFailureRate() >= (float) (settings.failureRate() * 100)) {
            return Optional.of(new TripReason(
                    Trigger.RATE,
                    Math.round(window.getFailureRate()) + "% of " + window.getTotalNumberOfCalls() + " calls failed"));
        }
        return failedInARow >= settings.minimumCalls()
                ? Optional.of(new TripReason(Trigger.ROW, failedInARow + " calls failed in a row"))
                : Optional.empty();
    }

    /** How near the failures in a row are to the end: 0 is far, 1 is there. */
    double suspicion() {
        return (double) failedInARow / settings.minimumCalls();
    }

    /** What failed was no sign of what comes. */
    void endRow() {
        failedInARow = 0;
    }

    /** What was is no sign of what will be: the breaker has changed its phase. */
    void forget() {
        endRow();
        calls = settings.emptyWindow(clock);
    }
}
