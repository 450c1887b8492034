package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.intake.IntakeListener;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * The meters of the queue; those that a job type has for itself are in {@link JobMeters}. {@code docs/metrics.md} says
 * what each means.
 *
 * <p>The legacy names are no counters by Prometheus' conventions (they lack {@code _total}), so they are exported as
 * gauges that only rise.
 */
public final class QueueMetrics {

    /**
     * MediaWiki and its extensions have about 200; each costs some 80 series. With all of these a scrape is some 6 MB.
     */
    static final int MOST_TYPES = 500;

    /** Each type has its own topic and a retry topic that we write to. */
    private static final int MOST_STREAMS = 2 * MOST_TYPES;

    private static final String OTHER_STREAM = "mediawiki.job." + BoundedLabel.OTHER;

    private final Meters meters;
    private final Pages pages;
    private final String service;
    private final BoundedLabel types = new BoundedLabel(MOST_TYPES);
    private final BoundedLabel streams = new BoundedLabel(MOST_STREAMS);

    /** Kept here, since whoever makes a producer has nothing else to do with its meters. */
    private final Map<String, KafkaMeters> ofProcess = new ConcurrentHashMap<>();

    /** Of a registry whose pages are not read while its meters change. */
    public QueueMetrics(MeterRegistry registry, String service) {
        this(registry, new Pages(), service);
    }

    /** {@code pages} are those of {@code registry}; {@code service} is the service's name, a label of the legacy metrics. */
    public QueueMetrics(MeterRegistry registry, Pages pages, String service) {
        this.meters = new Meters(registry);
        this.pages = pages;
        this.service = service;
    }

    /** What stands for a rule and a stream in the label {@code rule} of the legacy names. */
    public static String ruleLabel(String rule, String stream) {
        return RuleLabel.of(rule, stream);
    }

    /**
     * Counts admin requests that were refused: the token was missing or wrong, or another site sent them. Those that only
     * look count when theirs is wrong, too, though they are answered.
     */
    public Runnable adminRefusals() {
        return meters.counter("jobqueue.admin.refused", "Admin requests without or with a wrong token.", Tags.empty())
                ::increment;
    }

    /** Counts by part how often its meters were not brought up to date in time; all of {@code parts} begin at 0. */
    public Consumer<String> refreshFailures(Collection<String> parts) {
        parts.forEach(this::refreshFailures);
        return part -> refreshFailures(part).increment();
    }

    private Counter refreshFailures(String part) {
        return meters.counter(
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
        String label = types.of(type);
        String streamLabel = label.equals(type) ? stream : OTHER_STREAM;
        return new JobMeters(meters, Tags.of("lane", lane, "type", label), legacyTags(rule, streamLabel));
    }

    /** The gauges of a lane; ask once and keep them. */
    public LaneMeters lane(String name) {
        return new LaneMeters(meters, types, name);
    }

    /** The accounts of a lane's records; ask once and keep them. */
    public RecordAccounts accounts(String lane, Topics topics) {
        return new RecordAccounts(meters, pages, types, lane, topics);
    }

    /** The meters of a lane's de-duplication; ask once. */
    public DedupeListener dedupe(String lane) {
        return new DedupeMeters(meters, Tags.of("lane", lane));
    }

    /** The meters of a lane's Kafka clients; ask once and keep them. */
    public KafkaMeters kafka(String lane) {
        return KafkaMeters.ofLane(meters, lane);
    }

    /** The meters of a producer of the process: what it is for, such as {@code intake}, is its label. */
    public KafkaMeters producer(String client) {
        return ofProcess.computeIfAbsent(client, name -> KafkaMeters.ofProcess(meters, name));
    }

    /** The meters of the scheduler; ask once. */
    public SchedulerMeters scheduler() {
        return new SchedulerMeters(meters, types, producer("scheduler"));
    }

    /** The meters of the disk that the scheduler's store stands on, in {@code folder}; ask once and keep them. */
    public StoreMeters store(Path folder) {
        return new StoreMeters(meters, folder);
    }

    /** The meters of the intake; ask once. */
    public IntakeListener intake() {
        return new IntakeMeters(meters);
    }

    /** The meters of the configuration; ask once and keep them. */
    public ConfigMeters config() {
        return new ConfigMeters(meters);
    }

    /** An event was written to {@code stream}. */
    public void produced(String stream, int partition) {
        meters.level(
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

    /** How many jobs of a lane run here still though their partitions belong to others by now. */
    public void handedOver(String lane, int jobs) {
        meters.level(
                        "jobqueue.jobs.handed.over",
                        "Jobs that run here still though their partitions belong to others by now.",
                        Tags.of("lane", lane))
                .set(jobs);
    }

    /** How many partitions of a lane cannot be read where they stand. */
    public void unreadable(String lane, int partitions) {
        meters.level(
                        "jobqueue.partitions.unreadable",
                        "Partitions that cannot be read where they stand, so that their jobs wait.",
                        Tags.of("lane", lane))
                .set(partitions);
    }

    /** The fleet as this instance sees it: who is heard of, and how many hand-over notes there are. */
    public void fleet(long instances, int notes) {
        meters.level("jobqueue.fleet.instances", "Instances that are heard of, this one included.", Tags.empty())
                .set(instances);
        meters.level("jobqueue.fleet.notes", "Hand-over notes, of jobs that run and of jobs that ended.", Tags.empty())
                .set(notes);
    }

    private Tags legacyTags(String rule, String stream) {
        return Tags.of("service", service, "rule", RuleLabel.of(rule, stream));
    }
}
