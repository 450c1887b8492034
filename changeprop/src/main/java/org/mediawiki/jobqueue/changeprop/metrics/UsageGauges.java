package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** The use of one job type's limit, as it was when it was last told. */
final class UsageGauges {

    /** Written by the lane's context, read by scrapes. */
    private volatile TypeUsage usage;

    UsageGauges(QueueMetrics metrics, Tags tags, TypeUsage first) {
        this.usage = first;
        Tags pool = tags.and("pool", first.pool().name());
        metrics.gauge("jobqueue.slots.in.use", "Attempts under way.", pool, this, g -> g.usage.running());
        metrics.gauge(
                "jobqueue.slots.limit",
                "The most attempts at once of all types that share the pool.",
                pool,
                this,
                g -> g.usage.pool().concurrency());
        metrics.gauge("jobqueue.jobs.waiting", "Jobs that wait for a slot.", pool, this, g -> g.usage.waiting());
        metrics.gauge(
                "jobqueue.type.held",
                "1 while the runner asked for patience with the type, else 0.",
                pool,
                this,
                g -> g.usage.held() ? 1 : 0);
    }

    void set(TypeUsage now) {
        usage = now;
    }
}
