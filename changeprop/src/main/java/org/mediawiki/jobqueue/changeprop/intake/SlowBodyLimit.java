package org.mediawiki.jobqueue.changeprop.intake;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Ends a body that comes too slowly, since the room that it declares is kept from others until it is whole. Its time is
 * earned: each stretch of it gives patience for one more. However it comes, there is an end to the whole. Used on the
 * intake's context.
 */
final class SlowBodyLimit {

    /** Patience for a stretch, the first one too where there are more: 128 KiB a second do in any case. */
    static final Duration STRETCH_PATIENCE = Duration.ofSeconds(2);

    static final int STRETCH_BYTES = 256 << 10;

    /** How long a body may take, and besides for each of its mebibytes. */
    private static final Duration WHOLE_PATIENCE = Duration.ofSeconds(5);

    private static final Duration MEBIBYTE_PATIENCE = Duration.ofSeconds(1);

    private final Time time;
    private final Runnable tooSlow;
    private final long startedNanos;
    private final Duration whole;
    private int nextStretchAt = STRETCH_BYTES;
    private Time.Cancellation timer;

    /**
     * Begins now.
     *
     * @param bytes the most that the body may have
     * @param tooSlow runs where the body is not {@link #over} in time
     */
    SlowBodyLimit(long bytes, Time time, Runnable tooSlow) {
        this.time = time;
        this.tooSlow = tooSlow;
        this.startedNanos = time.nanos();
        this.whole = WHOLE_PATIENCE.plus(MEBIBYTE_PATIENCE.multipliedBy(bytes >> 20));
        // A body of one stretch keeps next to nothing from others, and may be that of a machine that stood still.
        this.timer = time.after(bytes <= STRETCH_BYTES ? whole : STRETCH_PATIENCE, tooSlow);
    }

    /** So many bytes have come by now. */
    void received(int bytes) {
        if (bytes >= nextStretchAt) {
            nextStretchAt = bytes + STRETCH_BYTES;
            Duration left = whole.minusNanos(time.nanos() - startedNanos);
            timer.cancel();
            timer = time.after(left.compareTo(STRETCH_PATIENCE) < 0 ? left : STRETCH_PATIENCE, tooSlow);
        }
    }

    /** Nothing is waited for any more. */
    void over() {
        timer.cancel();
    }
}
