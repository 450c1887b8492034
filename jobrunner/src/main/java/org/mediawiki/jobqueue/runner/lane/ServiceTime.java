package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a job takes on average: the time that all have run, divided by how many have ended or still run. So a place where
 * everything takes long is known as such before the first has ended, and what is told is rather too short than too
 * long. Forgets what is long past.
 */
final class ServiceTime {

    /** As if one job had taken so long; only where nothing has ended yet it makes a difference. */
    private static final double FIRST_GUESS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What ended in the last so many service times is remembered, at the least by half. */
    private static final int MEMORY = 2;

    /**
     * In so many service times what was special about the first is forgotten: the first jobs of a process take far
     * longer than those that come after, since connections are opened and code is compiled.
     */
    private static final int FAMILIAR = 8;

    private static final double LEAST_JOBS = 8;
    private static final Duration BOUNDLESS = Duration.ofDays(1);

    private double runNanos = FIRST_GUESS_NANOS;
    private double endings = 1;
    private int running;
    private long seen;
    private long watchedNanos;
    private long countedUntilNanos;

    void started(long nowNanos) {
        countUntil(nowNanos);
        running++;
    }

    void ended(long nowNanos) {
        countUntil(nowNanos);
        running--;
        endings++;
        seen++;
        if (endings > MEMORY * Math.max(LEAST_JOBS, running)) {
            endings /= 2;
            runNanos /= 2;
        }
    }

    /** It was not sent after all. */
    void undone(long nowNanos) {
        countUntil(nowNanos);
        running--;
    }

    Duration mean(long nowNanos) {
        countUntil(nowNanos);
        return Duration.ofNanos((long) (runNanos / (endings + running)));
    }

    /** How far ahead {@link #mean} can be trusted: at first for half the time for which it has been learned. */
    Duration horizon(long nowNanos) {
        countUntil(nowNanos);
        boolean familiar = seen >= FAMILIAR * Math.max(LEAST_JOBS, running);
        return familiar ? BOUNDLESS : Duration.ofNanos(watchedNanos / 2);
    }

    private void countUntil(long nowNanos) {
        if (running > 0) {
            runNanos += (double) running * (nowNanos - countedUntilNanos);
            watchedNanos += nowNanos - countedUntilNanos;
        }
        countedUntilNanos = nowNanos;
    }
}
