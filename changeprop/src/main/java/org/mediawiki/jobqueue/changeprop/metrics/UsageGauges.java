package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** The use of one job type's limit, and its oldest attempt, as it was when it was last told. */
final class UsageGauges {

    /** Written by the lane's context, read by scrapes. */
    private volatile TypeUsage usage;

    /** As {@link #usage}. */
    private volatile Duration oldestAttempt = Duration.ZERO;

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
        metrics.gauge(
                "jobqueue.attempt.oldest.seconds",
                "How long the oldest attempt has been under way; 0 where none is.",
                tags,
                this,
                g -> g.oldestAttempt.toMillis() / (double) TimeUnit.SECONDS.toMillis(1));
    }

    void set(TypeUsage now, Duration oldest) {
        usage = now;
        oldestAttempt = oldest;
    }
}
