package org.mediawiki.jobqueue.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * When this JVM as a whole did not run, because the machine stood still or had others to serve: a thread that has nothing else
 * to do notices that it was not called. What a test measures against an upper bound is due less by that, and by that only: an
 * event loop that is blocked or another process that is slow holds that thread up no more than any other. Any thread.
 */
public final class Standstills {

    /** How often it looks. */
    static final Duration STEP = Duration.ofMillis(10);

    /** What is no longer than this is the ordinary course of things. */
    static final Duration ORDINARY = Duration.ofMillis(50);

    private final LongSupplier nanos;
    private final List<Interval> found = new ArrayList<>();
    private long lastNanos;

    private record Interval(long fromNanos, long toNanos) {

        long nanosWithin(long otherFrom, long otherTo) {
            long from = fromNanos - otherFrom > 0 ? fromNanos : otherFrom;
            long to = toNanos - otherTo < 0 ? toNanos : otherTo;
            return Math.max(0, to - from);
        }

        boolean isLong() {
            return toNanos - fromNanos > ORDINARY.toNanos();
        }
    }

    /** Looks where it is told to. */
    Standstills(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
    }

    /** Those since this was called first; it looks for as long as the JVM lives. */
    public static Standstills ofThisMachine() {
        return OfThisMachine.INSTANCE;
    }

    private static final class OfThisMachine {

        private static final Standstills INSTANCE = new Standstills(System::nanoTime);

        static {
            Thread thread = new Thread(INSTANCE::lookForEver, "standstills");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** How much of that time, by {@link System#nanoTime}, was none. */
    public synchronized Duration within(long fromNanos, long toNanos) {
        long sum = found.stream()
                .mapToLong(interval -> interval.nanosWithin(fromNanos, toNanos))
                .sum();
        // Whoever asks may be called before the thread that looks.
        Interval present = sinceItWasDue(nanos.getAsLong());
        return Duration.ofNanos(sum + (present.isLong() ? present.nanosWithin(fromNanos, toNanos) : 0));
    }

    /** How long that time was, by {@link System#nanoTime}, without what of it was none. */
    public Duration ran(long fromNanos, long toNanos) {
        return Duration.ofNanos(toNanos - fromNanos).minus(within(fromNanos, toNanos));
    }

    /** The same until now. */
    public Duration ranSince(long fromNanos) {
        return ran(fromNanos, nanos.getAsLong());
    }

    synchronized void look() {
        long now = nanos.getAsLong();
        Interval missed = sinceItWasDue(now);
        if (missed.isLong()) {
            found.add(missed);
        }
        lastNanos = now;
    }

    private Interval sinceItWasDue(long now) {
        return new Interval(lastNanos + STEP.toNanos(), now);
    }

    private void lookForEver() {
        while (true) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STEP.toMillis()));
            look();
        }
    }
}
