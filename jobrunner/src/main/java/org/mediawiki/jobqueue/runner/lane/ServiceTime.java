package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a job takes on average: the time that all have run, divided by how many have ended. So those that still run
 * count, too, and a place where everything has become slow is known as slow before the first has ended.
 *
 * <p>Begins as if one job had taken a second; forgets what is long past.
 */
final class ServiceTime {

    private static final double FIRST_GUESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many endings are enough to go by. */
    private static final int MEMORY = 64;

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
        if (endings >= 2 * MEMORY) {
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
        return Duration.ofNanos((long) (runNanos / endings));
    }

    private void countUntil(long nowNanos) {
        if (running > 0) {
            runNanos += (double) running * (nowNanos - countedUntilNanos);
        }
        countedUntilNanos = nowNanos;
    }
}
