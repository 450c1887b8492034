package org.mediawiki.jobqueue.runner;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one source of the wall clock, of elapsed time, of timers and of waits, so that everything that waits can be tested
 * without waiting.
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

    /**
     * Takes the first of {@code queue}, on a thread that may be blocked: waits for it until {@code patience} is over.
     *
     * @return null where nothing has come
     */
    default <T> @Nullable T await(BlockingQueue<T> queue, Duration patience) throws InterruptedException {
        return queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * What {@code future} completes with, on a thread that may be blocked: waits for it until {@code patience} is over.
     *
     * @throws TimeoutException where it has not completed
     */
    default <T> T await(Future<T> future, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

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
