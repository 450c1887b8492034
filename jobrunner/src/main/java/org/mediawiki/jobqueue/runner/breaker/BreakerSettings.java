package org.mediawiki.jobqueue.runner.breaker;

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

    public BreakerSettings {
        require(failureRate > 0 && failureRate <= 1, "failureRate must be above 0 and up to 1", failureRate);
        require(!window.isNegative() && !window.isZero(), "window must be longer than zero", window);
        require(minimumCalls >= 1, "minimumCalls must be 1 or more", minimumCalls);
        require(!openFor.isNegative() && !openFor.isZero(), "openFor must be longer than zero", openFor);
        require(probes >= 1, "probes must be 1 or more", probes);
    }

    int windowSeconds() {
        return (int) Math.min(Integer.MAX_VALUE, window.plusNanos(999_999_999).toSeconds());
    }

    private static void require(boolean fulfilled, String rule, Object value) {
        if (!fulfilled) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }
}
