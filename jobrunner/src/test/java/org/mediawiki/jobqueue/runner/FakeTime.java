package org.mediawiki.jobqueue.runner;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when it is told to; timers run on the thread that tells it. */
public final class FakeTime implements Time {

    /** When it begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Near the end of the range, so that whoever compares nanoseconds by {@code <} is found out. */
    private static final long FIRST_NANOS =
            Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
    private Duration elapsed = Duration.ZERO;
    private Duration clockAhead = Duration.ZERO;
    private long numbers;

    private record Timer(Duration due, long number, Runnable action) {}

    @Override
    public Instant instant() {
        return START.plus(elapsed).plus(clockAhead);
    }

    @Override
    public long nanos() {
        return FIRST_NANOS + elapsed.toNanos();
    }

    @Override
    public Cancellation after(Duration delay, Runnable action) {
        Duration least = Duration.ofMillis(1);
        Timer timer = new Timer(elapsed.plus(delay.compareTo(least) < 0 ? least : delay), numbers++, action);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Lets {@code time} pass; every timer that is due in it runs at its own moment. */
    public void advance(Duration time) {
        Duration end = elapsed.plus(time);
        for (Timer next = timers.peek(); next != null && next.due().compareTo(end) <= 0; next = timers.peek()) {
            timers.remove();
            elapsed = next.due();
            next.action().run();
        }
        elapsed = end;
    }

    /** Somebody sets the wall clock, forward by {@code step} or, where it is negative, back. */
    public void setClock(Duration step) {
        clockAhead = clockAhead.plus(step);
    }

    /** How many timers wait. */
    public int timers() {
        return timers.size();
    }
}
