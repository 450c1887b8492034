package org.mediawiki.jobqueue.loadtest.fault;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What is the matter with the machine, inside an instance. Every class there calls it, those of the JDK too: it is loaded by
 * the bootstrap loader, and uses nothing but the JDK. Called on any thread.
 */
public final class Faults {

    /** Written by the agent's thread, read by all. */
    private static volatile long clockMillis;

    /** Written by the agent's thread, read by all. */
    private static volatile long diskNanos;

    private Faults() {}

    /** In the place of {@link System#currentTimeMillis()}. */
    public static long currentTimeMillis() {
        return System.currentTimeMillis() + clockMillis;
    }

    /** What the clock says instead of {@code real}. */
    public static Instant shifted(Instant real) {
        long millis = clockMillis;
        return millis == 0 ? real : real.plusMillis(millis);
    }

    /** Before each access of the disk. */
    public static void disk() {
        long nanos = diskNanos;
        if (nanos > 0) {
            long end = System.nanoTime() + nanos;
            for (long left = nanos; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        }
    }

    /** By how much the clock is ahead. Public, since whoever calls it has another loader, and so is in another package. */
    public static void clock(long millis) {
        clockMillis = millis;
    }

    /** How long each access of the disk takes longer. */
    public static void diskMillis(long millis) {
        diskNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
