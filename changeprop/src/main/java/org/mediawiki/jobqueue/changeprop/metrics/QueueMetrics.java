package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.intake.IntakeListener;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.metrics.RecordAccounts.Account;

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

    /**
     * MediaWiki and its extensions have about 200; each costs some 80 series. With all of these a scrape is some 6 MB.
     */
    static final int MOST_TYPES = 500;

    /** Each type has its own topic and a retry topic that we write to. */
    private static final int MOST_STREAMS = 2 * MOST_TYPES;

    private static final String OTHER_STREAM = "mediawiki.job." + BoundedLabel.OTHER;

    private final MeterRegistry registry;
    private final String service;
    private final Map<Tags, AtomicLong> levels = new ConcurrentHashMap<>();
    private final BoundedLabel types = new BoundedLabel(MOST_TYPES);
    private final BoundedLabel streams = new BoundedLabel(MOST_STREAMS);

    /** {@code service} is the service's name, a label of the legacy metrics. */
    public QueueMetrics(MeterRegistry registry, String service) {
        this.registry = registry;
        this.service = service;
    }

    /** What stands for a rule and a stream in the label {@code rule} of the legacy names. */
    public static String ruleLabel(String rule, String stream) {
        return RuleLabel.of(rule, stream);
    }

    /** Counts admin requests that were refused: the token was missing or wrong, or another site sent them. */
    public Runnable adminRefusals() {
        return counter("jobqueue.admin.refused", "Admin requests without or with a wrong token.", Tags.empty())
                ::increment;
    }

    /** Counts by part how often its meters were not brought up to date in time; all of {@code parts} begin at 0. */
    public Consumer<String> refreshFailures(Collection<String> parts) {
        parts.forEach(this::refreshFailures);
        return part -> refreshFailures(part).increment();
    }

    private Counter refreshFailures(String part) {
        return counter(
                "jobqueue.metrics.refresh.failures",
                "Times that a part did not say in time what its metrics are now, so that they told what was.",
                Tags.of("part", part));
    }

    /** These job types have series of their own, however many others come first: the configuration names them. */
    public void keep(Collection<String> configured) {
        types.keep(configured);
    }

    /**
     * The meters of one job type; ask once and keep them. From the {@value #MOST_TYPES}th type on the others share
     * theirs.
     */
    public JobMeters of(String lane, String type, String rule, String stream) {
        String label = typeLabel(type);
        String streamLabel = label.equals(type) ? stream : OTHER_STREAM;
        return new JobMeters(this, Tags.of("lane", lane, "type", label), legacyTags(rule, streamLabel));
    }

    /** The gauges of a lane; ask once and keep them. */
    public LaneMeters lane(String name) {
        return new LaneMeters(this, name);
    }

    /** What stands for {@code type} in the label of that name. */
    String typeLabel(String type) {
        return types.of(type);
    }

    /** The meters of a lane's de-duplication; ask once. */
    public DedupeListener dedupe(String lane) {
        return new DedupeMeters(this, Tags.of("lane", lane));
    }

    /** The meters of a lane's Kafka clients; ask once. */
    public KafkaMeters kafka(String lane) {
        return KafkaMeters.ofLane(registry, lane);
    }

    /** The meters of a producer of the process: what it is for, such as {@code intake}, is its label. Ask once. */
    public KafkaMeters producer(String client) {
        return KafkaMeters.ofProcess(registry, client);
    }

    /** The meters of the scheduler; ask once. */
    public SchedulerMeters scheduler() {
        return new SchedulerMeters(this);
    }

    /** The meters of the disk that the scheduler's store stands on, in {@code folder}; ask once and keep them. */
    public StoreMeters store(Path folder) {
        return new StoreMeters(this, folder);
    }

    /** The meters of the intake; ask once. */
    public IntakeListener intake() {
        return new IntakeMeters(this);
    }

    /** The meters of the configuration; ask once and keep them. */
    public ConfigMeters config() {
        return new ConfigMeters(this);
    }

    /** An event was written to {@code stream}. */
    public void produced(String stream, int partition) {
        level(
                        "cpjobqueue_produce",
                        "Events written, by stream and partition.",
                        Tags.of(
                                "service",
                                service,
                                "stream",
                                streams.of(stream),
                                "partition",
                                Integer.toString(partition)))
                .incrementAndGet();
    }

    /** Exports the accounts of a {@linkplain #typeLabel label} in a lane; they are read whenever the registry is scraped. */
    void export(String lane, String label, Account account) {
        Tags tags = Tags.of("lane", lane, "type", label);
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
        Gauge.builder("jobqueue.lag.jobs", account, Account::publishedLag)
                .description("Records that have not ended, those that stand in Kafka and were not polled included.")
                .tags(tags)
                .register(registry);
    }

    /** How many jobs of a lane run here still though their partitions belong to others by now. */
    public void handedOver(String lane, int jobs) {
        level(
                        "jobqueue.jobs.handed.over",
                        "Jobs that run here still though their partitions belong to others by now.",
                        Tags.of("lane", lane))
                .set(jobs);
    }

    /** The fleet as this instance sees it: who is heard of, and how many hand-over notes there are. */
    public void fleet(long instances, int notes) {
        level("jobqueue.fleet.instances", "Instances that are heard of, this one included.", Tags.empty())
                .set(instances);
        level("jobqueue.fleet.notes", "Hand-over notes, of jobs that run and of jobs that ended.", Tags.empty())
                .set(notes);
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
