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
    private static final int MEMORY = 8;

    private double runNanos = FIRST_GUESS_NANOS;
    private double endings = 1;
    private int running;
    private long countedUntilNanos;

    void started(long nowNanos) {
        countUntil(nowNanos);
        running++;
    }

    void ended(long nowNanos) {
        countUntil(nowNanos);
        running--;
        endings++;
        if (endings > MEMORY * Math.max(8.0, running)) {
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

    private void countUntil(long nowNanos) {
        if (running > 0) {
            runNanos += (double) running * (nowNanos - countedUntilNanos);
        }
        countedUntilNanos = nowNanos;
    }
}
