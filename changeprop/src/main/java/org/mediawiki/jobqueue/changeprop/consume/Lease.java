package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The right to start jobs, for half a session timeout at a time. The group takes the partitions of a member that stands
 * still, and such a member does not know that it stood still until it looks at the clock: so whoever starts a job asks
 * here first, and the poll thread renews it each time it comes round. When that comes late, it renews it only after the
 * group has said that we belong to it still.
 */
public final class Lease {

    private final Time time;
    private final Duration term;

    /** Written by the poll thread, read by whoever starts jobs. */
    private volatile long renewedNanos;

    private final AtomicInteger suspensions = new AtomicInteger();

    /** {@code sessionTimeout} is that of the group. */
    public Lease(Time time, Duration sessionTimeout) {
        this.time = time;
        this.term = sessionTimeout.dividedBy(2);
        this.renewedNanos = time.nanos();
    }

    /** Whether a job may start now. Any thread. */
    public boolean isHeld() {
        return suspensions.get() == 0 && !hasExpired();
    }

    /** Whether the group must be asked before it is renewed: this process stood still. Any thread. */
    public boolean hasExpired() {
        return time.nanos() - renewedNanos >= term.toNanos();
    }

    /** It is not held until {@link #resume} was called as often. Any thread. */
    void suspend() {
        suspensions.incrementAndGet();
    }

    /** Any thread. */
    void resume() {
        suspensions.decrementAndGet();
    }

    void renew() {
        renewedNanos = time.nanos();
    }
}
