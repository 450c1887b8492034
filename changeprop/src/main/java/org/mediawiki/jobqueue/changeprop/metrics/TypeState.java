package org.mediawiki.jobqueue.changeprop.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/**
 * What one refresh tells of a job type, or of all those that share a label: sums of what is counted, the worst of what
 * is not. Filled by one thread, then only read.
 */
final class TypeState {

    private int running;
    private int elsewhere;
    private int waiting;
    private int limit;
    private double rate;
    private boolean held;
    private boolean paused;
    private Ages oldest = Ages.NONE;

    void use(TypeUsage usage) {
        running += usage.running();
        elsewhere += usage.occupied();
        waiting += usage.waiting();
        limit = Math.max(limit, usage.pool().concurrency());
        usage.pool().finer().rate().ifPresent(most -> rate = rate == 0 ? most : Math.min(rate, most));
        held |= usage.held();
    }

    void age(Ages ages) {
        oldest = oldest.orLonger(ages);
    }

    void pause(boolean isPaused) {
        paused |= isPaused;
    }

    int running() {
        return running;
    }

    int elsewhere() {
        return elsewhere;
    }

    int waiting() {
        return waiting;
    }

    int limit() {
        return limit;
    }

    /** In a second; 0 where nothing limits it. */
    double rate() {
        return rate;
    }

    int held() {
        return held ? 1 : 0;
    }

    int paused() {
        return paused ? 1 : 0;
    }

    double oldestAttemptSeconds() {
        return seconds(oldest.attempt());
    }

    double oldestWaitingSeconds() {
        return seconds(oldest.waiting());
    }

    double lagSeconds() {
        return seconds(oldest.record());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / (double) TimeUnit.SECONDS.toMillis(1);
    }
}
