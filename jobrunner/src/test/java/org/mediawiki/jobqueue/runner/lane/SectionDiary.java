package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;

/** What happened to the jobs of one section. */
final class SectionDiary {

    private Duration jobsTake = Duration.ofMillis(100);
    private Duration longestWait = Duration.ZERO;
    private int produced;
    private int done;
    private int running;
    private boolean begun;
    private long firstStartNanos;
    private long lastStartNanos;
    private long lastChangeNanos;
    private double runNanos;
    private double runNanosAtLastStart;

    void jobsTake(Duration duration) {
        jobsTake = duration;
    }

    Duration jobsTake() {
        return jobsTake;
    }

    void produced() {
        produced++;
    }

    void started(long nowNanos, Duration waited) {
        if (!begun) {
            begun = true;
            firstStartNanos = nowNanos;
        }
        count(nowNanos, 1);
        lastStartNanos = nowNanos;
        runNanosAtLastStart = runNanos;
        longestWait = waited.compareTo(longestWait) > 0 ? waited : longestWait;
    }

    void ended(long nowNanos, boolean held) {
        count(nowNanos, -1);
        done += held ? 0 : 1;
    }

    boolean isAllDone() {
        return done == produced;
    }

    int done() {
        return done;
    }

    int running() {
        return running;
    }

    /** How much of {@code slots} was in use, on average, while there was always one more job to start. */
    double use(int slots) {
        return runNanosAtLastStart / ((double) slots * (lastStartNanos - firstStartNanos));
    }

    Duration longestWait() {
        return longestWait;
    }

    private void count(long nowNanos, int change) {
        runNanos += (double) running * (nowNanos - lastChangeNanos);
        lastChangeNanos = nowNanos;
        running += change;
    }
}
