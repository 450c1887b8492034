package org.mediawiki.jobqueue.runner.lane;

/**
 * The limits that one or more job types share.
 *
 * @param name the job type where it has an entry of its own, else {@code low_traffic_jobs}
 * @param concurrency the most jobs that run at once; 1 or more
 * @param maxShare the part of {@code concurrency} that one type may hold while others wait, above 0, up to 1
 * @param priority pools of a higher number start first where the lane as a whole is limited; 0 by default
 * @param finer the limits within {@code concurrency}; none by default
 */
public record PoolSettings(String name, int concurrency, double maxShare, int priority, FinerLimits finer) {

    public PoolSettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be 1 or more, not " + concurrency);
        }
        if (!(maxShare > 0 && maxShare <= 1)) {
            throw new IllegalArgumentException("maxShare must be above 0 and up to 1, not " + maxShare);
        }
    }

    /** Without finer limits. */
    public PoolSettings(String name, int concurrency, double maxShare, int priority) {
        this(name, concurrency, maxShare, priority, FinerLimits.NONE);
    }

    /** How many slots one type may hold while others wait; at least one. */
    int share() {
        return Math.max(1, (int) Math.floor(concurrency * maxShare));
    }
}
