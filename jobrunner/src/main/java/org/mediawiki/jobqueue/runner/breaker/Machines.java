package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;

/**
 * Makes resilience4j's breakers.
 *
 * <p>Left out on purpose: its automatic transition and its longest wait when half-open run on a thread pool of its own
 * ({@link Breaker} has timers for both); its slow calls know one fixed threshold, and only calls that have ended
 * ({@link TypeBreaker} watches those under way).
 */
final class Machines {

    private final Clock clock;

    Machines(Clock clock) {
        this.clock = clock;
    }

    /** One that opens when too much of what it is told has failed. */
    CircuitBreaker counting(String name, BreakerSettings settings) {
        return CircuitBreaker.of(name, config(settings, settings.windowSeconds(), settings.minimumCalls()));
    }

    /** One that opens when it is told to, and then counts its probes. */
    CircuitBreaker obeying(String name, BreakerSettings settings) {
        return CircuitBreaker.of(name, config(settings, 1, Integer.MAX_VALUE));
    }

    private CircuitBreakerConfig config(BreakerSettings settings, int windowSeconds, int minimumCalls) {
        return CircuitBreakerConfig.custom()
                .clock(clock)
                .failureRateThreshold((float) (settings.failureRate() * 100))
                .slidingWindow(
                        windowSeconds,
                        minimumCalls,
                        SlidingWindowType.TIME_BASED,
                        SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(settings.probes())
                .writableStackTraceEnabled(false)
                .build();
    }
}
