package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;

/**
 * When those who were turned away from one full or held place should come back: one after the other, at the pace at
 * which the place works them off, rather than all at once. A virtual clock; no timers.
 */
final class ReturnTimes {

    /** A trip that is shorter is not worth it. */
    static final Duration LEAST_WAIT = Duration.ofMillis(500);

    /**
     * The pace may have been misjudged, or may change: everybody looks again after so long, but who is held, of whom it is
     * known for how much longer.
     */
    static final Duration MOST_WAIT = Duration.ofMinutes(10);

    /** They come faster than they are worked off by so much, so that no slot ever waits for them. */
    private static final double HEAD_START = 1.5;

    private boolean begun;
    private long lastNanos;

    /**
     * The wait of the next.
     *
     * @param atFirst how long until anybody should come back; what may be more than {@link #MOST_WAIT} is waited for
     * @param interval between two jobs that the place works off
     * @param horizon how far ahead {@code interval} can be trusted: nobody waits longer for that it is right
     */
    Duration next(long nowNanos, Duration atFirst, Duration interval, Duration horizon) {
        long earliest = nowNanos + longer(atFirst, LEAST_WAIT).toNanos();
        long trusted = earliest + longer(horizon, LEAST_WAIT).toNanos();
        long latest = sooner(trusted, nowNanos + longer(atFirst, MOST_WAIT).toNanos());
        long base = begun && lastNanos - earliest > 0 ? lastNanos : earliest;
        long due = base + (long) (interval.toNanos() / HEAD_START);
        begun = true;
        lastNanos = sooner(due, latest);
        return Duration.ofNanos(lastNanos - nowNanos);
    }

    private static long sooner(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
