package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Time that passes when the test's thread says so, while everything else runs on event loops: each timer runs on the
 * context that asked for it.
 */
final class SteppedTime implements Time {

    private final List<Timer> timers = new ArrayList<>();
    /** Near the end of the range, so that whoever compares nanoseconds by {@code <} is found out. */
    private long nanos = Long.MAX_VALUE - 7;

    private record Timer(long due, Context context, Runnable action) {}

    @Override
    public Instant instant() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Cancellation after(Duration delay, Runnable action) {
        Timer timer = new Timer(nanos + delay.toNanos(), Objects.requireNonNull(Vertx.currentContext()), action);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    /** Lets time pass in one step, and then starts every timer that is due. */
    synchronized void advance(Duration step) {
        nanos += step.toNanos();
        List<Timer> due =
                timers.stream().filter(timer -> timer.due() - nanos <= 0).toList();
        timers.removeAll(due);
        due.forEach(timer -> timer.context().runOnContext(go -> timer.action().run()));
    }

    /** How many timers wait. */
    synchronized int timers() {
        return timers.size();
    }
}
