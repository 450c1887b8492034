package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.Time;

/**
 * At most so many starts a second, evenly spaced: the generic cell rate algorithm (ITU-T I.371). A start that comes
 * late may be followed by one that comes early, by one interval or by what a timer cannot resolve, never by more, so
 * that no window of a second holds more than a second's worth and one.
 */
final class StartRateLimiter {

    /** No limit. */
    static final StartRateLimiter UNLIMITED = new StartRateLimiter(0, 0);

    private static final long TIMER_RESOLUTION_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long intervalNanos;
    private final long toleranceNanos;
    private boolean begun;
    private long nextNanos;

    private StartRateLimiter(long intervalNanos, long toleranceNanos) {
        this.intervalNanos = intervalNanos;
        this.toleranceNanos = toleranceNanos;
    }

    /** {@code rate} starts a second; above 0. */
    static StartRateLimiter perSecond(double rate) {
        // Rounded up: a nanosecond less would let one start too many into a second.
        long interval = Math.max(1, (long) Math.ceil(TimeUnit.SECONDS.toNanos(1) / rate));
        return new StartRateLimiter(interval, Math.max(interval, TIMER_RESOLUTION_NANOS));
    }

    /**
     * Another rate from here on; empty: no limit. The next start is as far from the last as if it had held before, so
     * that no change lets one start early or keeps it waiting for what was slower.
     */
    StartRateLimiter changedTo(OptionalDouble rate) {
        if (rate.isEmpty()) {
            return UNLIMITED;
        }
        StartRateLimiter next = perSecond(rate.getAsDouble());
        next.begun = begun;
        next.nextNanos = nextNanos - intervalNanos + next.intervalNanos;
        return next;
    }

    boolean admits(Time time) {
        return intervalNanos == 0 || !begun || time.nanos() - nextNanos >= 0;
    }

    /** One starts. */
    void started(Time time) {
        if (intervalNanos == 0) {
            return;
        }
        long now = time.nanos();
        long base = begun ? later(nextNanos, now - toleranceNanos) : now;
        nextNanos = base + intervalNanos;
        begun = true;
    }

    /** How long until the next may start; not negative. */
    Duration untilNext(Time time) {
        return Duration.ofNanos(Math.max(0, nextNanos - time.nanos()));
    }

    private static long later(long a, long b) {
        return a - b >= 0 ? a : b;
    }
}
