package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.metrics.RecordAccounts.Account;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/**
 * The meters of the queue; those that a job type has for itself are in {@link JobMeters}. {@code docs/metrics.md} says
 * what each means.
 *
 * <p>The legacy names are no counters by Prometheus' conventions (they lack {@code _total}), so they are exported as
 * gauges that only rise.
 */
public final class QueueMetrics {

    /** Upper bounds of the delay histograms, in seconds: the legacy service's. */
    private static final double[] DELAY_BUCKETS = {1, 30, 60, 300, 600, 1800, 3600, 21600, 86400};

    private final MeterRegistry registry;
    private final String service;
    private final Map<Tags, AtomicLong> levels = new ConcurrentHashMap<>();
    private final Map<String, UsageGauges> usage = new ConcurrentHashMap<>();
    private final Map<Tags, BreakerMeters> breakers = new ConcurrentHashMap<>();

    /** {@code service} is the service's name, a label of the legacy metrics. */
    public QueueMetrics(MeterRegistry registry, String service) {
        this.registry = registry;
        this.service = service;
    }

    /** The meters of one job type; ask once and keep them. */
    public JobMeters of(String lane, String type, String rule, String stream) {
        return new JobMeters(this, Tags.of("lane", lane, "type", type), legacyTags(rule, stream));
    }

    /** The meters of a lane's de-duplication; ask once. */
    public DedupeListener dedupe(String lane) {
        return new DedupeMeters(this, Tags.of("lane", lane));
    }

    /** The meters of the scheduler; ask once. */
    public SchedulerMeters scheduler() {
        return new SchedulerMeters(this);
    }

    /** An event was written to {@code stream}. */
    public void produced(String stream, int partition) {
        level(
                        "cpjobqueue_produce",
                        "Events written, by stream and partition.",
                        Tags.of("service", service, "stream", stream, "partition", Integer.toString(partition)))
                .incrementAndGet();
    }

    /** Exports the accounts of a job type in a lane; they are read whenever the registry is scraped. */
    void export(String lane, String type, Account account) {
        Tags tags = Tags.of("lane", lane, "type", type);
        FunctionCounter.builder("jobqueue.records.polled", account, Account::publishedPolled)
                .description("Records polled: the sum of the endings and of what is open.")
                .tags(tags)
                .register(registry);
        for (Ending ending : Ending.values()) {
            FunctionCounter.builder("jobqueue.records.ended", account, a -> a.publishedEnded(ending))
                    .description("Records that left our hands, by how.")
                    .tags(tags.and("ending", EnumLabel.of(ending)))
                    .register(registry);
        }
        Gauge.builder("jobqueue.records.open", account, Account::publishedOpen)
                .description("Records polled and not ended: waiting for their time, for a slot, or running.")
                .tags(tags)
                .register(registry);
    }

    /** The present use of a job type's limit, and how long its oldest attempt has been under way; 0 where none is. */
    public void use(String lane, String type, TypeUsage now, Duration oldestAttempt) {
        usage.computeIfAbsent(
                        lane + "/" + type, ignored -> new UsageGauges(this, Tags.of("lane", lane, "type", type), now))
                .set(now, oldestAttempt);
    }

    /** The wikis of a lane that are held at present, and its jobs that wait for their time. */
    public void hold(String lane, int heldWikis, int waiting) {
        Tags tags = Tags.of("lane", lane);
        level("jobqueue.wikis.held", "Wikis whose jobs wait because they are read-only.", tags)
                .set(heldWikis);
        level("jobqueue.jobs.delayed", "Jobs that wait for their time in memory.", tags)
                .set(waiting);
    }

    /** The present state of the breaker of a lane's target. */
    public void targetBreaker(String lane, BreakerState now) {
        breaker("jobqueue.target.breaker", Tags.of("lane", lane), now);
    }

    /** The present state of a job type's breaker. */
    public void typeBreaker(String lane, String type, BreakerState now) {
        breaker("jobqueue.type.breaker", Tags.of("lane", lane, "type", type), now);
    }

    private void breaker(String name, Tags tags, BreakerState now) {
        breakers.computeIfAbsent(tags, ignored -> new BreakerMeters(this, name, tags, now))
                .set(now);
    }

    /** A gauge of {@code source}, which must be kept alive elsewhere. */
    <T> void gauge(String name, String description, Tags tags, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).tags(tags).register(registry);
    }

    /** A counter of {@code source}, which must be kept alive elsewhere. */
    <T> void counter(String name, String description, Tags tags, T source, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, source, count)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    DistributionSummary delays(String name, String description, Tags tags) {
        return summary(name, description, tags, DELAY_BUCKETS);
    }

    /** A histogram; {@code buckets} are upper bounds. */
    DistributionSummary summary(String name, String description, Tags tags, double... buckets) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    AtomicLong level(String name, String description, Tags tags) {
        return levels.computeIfAbsent(tags.and("__name__", name), ignored -> {
            AtomicLong value = new AtomicLong();
            gauge(name, description, tags, value, AtomicLong::doubleValue);
            return value;
        });
    }

    private Tags legacyTags(String rule, String stream) {
        return Tags.of("service", service, "rule", RuleLabel.of(rule, stream));
    }
}
