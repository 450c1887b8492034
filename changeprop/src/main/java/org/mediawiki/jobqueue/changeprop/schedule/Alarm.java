package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Rings when something is due, so that nobody looks when nothing is. Owned by the task's thread.
 *
 * <p>It never sleeps for more than 10 s: who is woken by the wall clock oversleeps when the clock is put back.
 */
final class Alarm {

    private static final long LONGEST_NAP = 10_000;

    /** Tasks ring together, so that one transaction carries what all of them release. */
    private static final long GRID_MILLIS = 100;

    private final ProcessorContext<?, ?> context;
    private final Runnable ring;
    private @Nullable Cancellable armed;
    private long at = Long.MAX_VALUE;

    Alarm(ProcessorContext<?, ?> context, Runnable ring) {
        this.context = context;
        this.ring = ring;
    }

    /** Rings at {@code millis} of the epoch, up to 100 ms later, or before. */
    void atTheLatest(long millis) {
        if (onGrid(millis) < at) {
            set(Optional.of(millis));
        }
    }

    /** Rings at {@code millis} of the epoch and not before, but for a look now and then. Never, where empty. */
    void set(Optional<Long> millis) {
        cancel();
        millis.ifPresent(this::arm);
    }

    void cancel() {
        if (armed != null) {
            armed.cancel();
            armed = null;
        }
        at = Long.MAX_VALUE;
    }

    /** The next time on the grid; the end of all times is left as it is. */
    private static long onGrid(long millis) {
        long later = millis + GRID_MILLIS - 1;
        return later < 0 ? millis : later - later % GRID_MILLIS;
    }

    private void arm(long millis) {
        long now = context.currentSystemTimeMs();
        long nap = Math.min(LONGEST_NAP, onGrid(Math.max(now + 1, millis)) - now);
        at = now + nap;
        armed = context.schedule(Duration.ofMillis(nap), PunctuationType.WALL_CLOCK_TIME, ignored -> ring.run());
    }
}
