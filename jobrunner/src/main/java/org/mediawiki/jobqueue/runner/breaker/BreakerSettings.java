package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.core.metrics.SlidingTimeWindowMetrics;
import java.time.Clock;
import java.time.Duration;

/**
 * When a breaker opens, and how it looks for the end of what opened it (SPEC section 6, {@code breaker}).
 *
 * @param failureRate the share of failed calls at which it opens; above 0, up to 1; 0.5 by default
 * @param window how far back calls count; longer than zero, whole seconds, rounded up; 60 s by default
 * @param minimumCalls with fewer calls in the window it does not open; so many failures in a row open it; 1 or more, 20
 *     by default
 * @param openFor how long nothing is sent before probes are; longer than zero, 3 s by default
 * @param probes how many jobs are sent to find out whether all is well again; 1 or more, 3 by default
 */
public record BreakerSettings(double failureRate, Duration window, int minimumCalls, Duration openFor, int probes) {

    public static final BreakerSettings DEFAULT =
            new BreakerSettings(0.5, Duration.ofSeconds(60), 20, Duration.ofSeconds(3), 3);

    /** There is a window for each job type, and another for what it tells of its target. */
    private static final int MOST_STEPS = 120;

    public BreakerSettings {
        require(failureRate > 0 && failureRate <= 1, "failureRate must be above 0 and up to 1", failureRate);
        require(!window.isNegative() && !window.isZero(), "window must be longer than zero", window);
        require(minimumCalls >= 1, "minimumCalls must be 1 or more", minimumCalls);
        require(!openFor.isNegative() && !openFor.isZero(), "openFor must be longer than zero", openFor);
        require(probes >= 1, "probes must be 1 or more", probes);
    }

    /** An empty window of calls. It takes the same memory whatever its length: a long one forgets in steps of several seconds. */
    SlidingTimeWindowMetrics emptyWindow(Clock clock) {
        long seconds = window.plusNanos(999_999_999).toSeconds();
        long secondsEach = (seconds + MOST_STEPS - 1) / MOST_STEPS;
        int steps = (int) ((seconds + secondsEach - 1) / secondsEach);
        return new SlidingTimeWindowMetrics(steps, secondsEach == 1 ? clock : new SlowClock(clock, secondsEach));
    }

    private static void require(boolean fulfilled, String rule, Object value) {
        if (!fulfilled) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }
}
