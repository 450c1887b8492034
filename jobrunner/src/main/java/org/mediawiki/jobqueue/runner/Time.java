package org.mediawiki.jobqueue.runner;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The one source of the wall clock, of elapsed time and of timers, so that everything that waits can be tested without
 * waiting.
 *
 * <p>Timers run on the context that asked for them.
 */
public interface Time extends InstantSource {

    /** Nanoseconds since an arbitrary origin; monotonic. */
    long nanos();

    /**
     * Runs {@code action} once, not earlier than after {@code delay} (at least 1 ms).
     *
     * @return stops the timer where it has not run yet
     */
    Cancellation after(Duration delay, Runnable action);

    /** Stops a timer; harmless when it has run or was stopped before. */
    @FunctionalInterface
    interface Cancellation {
        /** Nothing to stop. */
        Cancellation NONE = () -> {};

        void cancel();
    }

    /** Vert.x' timers. */
    static Time of(Vertx vertx) {
        return new Time() {
            @Override
            public Instant instant() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Cancellation after(Duration delay, Runnable action) {
                // Rounded up: whoever is woken too early by a part of a millisecond finds that its time has not come.
                long millis = Math.max(1, delay.plusNanos(999_999).toMillis());
                long id = vertx.setTimer(millis, ignored -> action.run());
                return () -> vertx.cancelTimer(id);
            }
        };
    }
}
