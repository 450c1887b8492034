package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The right to start jobs, for three quarters of a session timeout from when the group was last told something that it
 * accepted. The group gives the partitions of a member that it does not hear to others, and that member knows nothing of it,
 * whether it stood still or was cut off: so whoever starts a job asks here first. What starts at the last moment has the rest
 * of the session to end in. (Gray and Cheriton, "Leases", 1989.)
 */
public final class Lease {

    /** Longer than the slowest of a group's members usually takes to join; whoever waits for longer may be cut off. */
    static final Duration LONGEST_REBALANCE = Duration.ofSeconds(15);

    private final Time time;
    private final Duration term;

    /** Written by the poll thread, read by whoever starts jobs. */
    private volatile long heardNanos;

    private final AtomicInteger suspensions = new AtomicInteger();

    /** Of the poll thread, as what follows. */
    private long acceptedNanos;

    private boolean regained;

    /** {@code sessionTimeout} is that of the group. */
    public Lease(Time time, Duration sessionTimeout) {
        this.time = time;
        this.term = sessionTimeout.multipliedBy(3).dividedBy(4);
        this.heardNanos = time.nanos();
        this.acceptedNanos = heardNanos;
    }

    /** Whether a job may start now. Any thread. */
    public boolean isHeld() {
        return suspensions.get() == 0 && !hasExpired();
    }

    /** Whether the group may have given everything to others. Any thread. */
    public boolean hasExpired() {
        return isOlderThan(term);
    }

    /** Whether it is time to have it renewed: early enough for two more tries. Any thread. */
    boolean isDue() {
        return isOlderThan(term.dividedBy(3));
    }

    /** It is not held until {@link #resume} was called as often. Any thread. */
    void suspend() {
        suspensions.incrementAndGet();
    }

    /** Any thread. */
    void resume() {
        suspensions.decrementAndGet();
    }

    /** The group accepted what it was told at {@code nanos} or later. Poll thread only. */
    void renew(long nanos) {
        acceptedNanos = nanos;
        boolean expired = hasExpired();
        if (nanos - heardNanos > 0) {
            heardNanos = nanos;
        }
        regained |= expired && !hasExpired();
    }

    /**
     * The group lets us wait until all have joined a rebalance: whoever waits for that has no session that could end. What
     * was lost before stays lost, and {@link #LONGEST_REBALANCE} after the last acceptance nothing is kept any more. Poll
     * thread only.
     */
    void keep() {
        long now = time.nanos();
        if (!hasExpired() && now - acceptedNanos < LONGEST_REBALANCE.toNanos()) {
            heardNanos = now;
        }
    }

    /** Whether it had expired, and is held again since the last call. Poll thread only. */
    boolean takeRegained() {
        boolean was = regained;
        regained = false;
        return was;
    }

    private boolean isOlderThan(Duration age) {
        return time.nanos() - heardNanos >= age.toNanos();
    }
}
