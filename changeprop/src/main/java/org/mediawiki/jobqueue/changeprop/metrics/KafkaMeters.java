package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What Kafka's clients meter themselves, as far as it helps somebody: a closed list. Micrometer's own binder takes all
 * of some 250 for each client and, where Kafka meters by topic, those in the place of the client's sums: with thousands
 * of topics that has no bound. Of the client's sums here there is one series for each lane, and of producers one for
 * each other part of the process that writes. Keep them: their meters read what they hold.
 */
public final class KafkaMeters {

    private static final double MILLIS_PER_SECOND = 1_000;

    private static final List<Kept> OF_CONSUMERS = List.of(
            Kept.counter("consumer-fetch-manager-metrics", "records-consumed-total", "records.fetched", 1),
            Kept.counter("consumer-fetch-manager-metrics", "bytes-consumed-total", "fetched.bytes", 1),
            Kept.gauge("consumer-fetch-manager-metrics", "fetch-latency-avg", "fetch.latency.seconds", true),
            Kept.gauge("consumer-fetch-manager-metrics", "fetch-throttle-time-avg", "fetch.throttle.seconds", true),
            Kept.counter("consumer-coordinator-metrics", "commit-total", "commits", 1),
            Kept.gauge("consumer-coordinator-metrics", "commit-latency-avg", "commit.latency.seconds", true),
            Kept.counter("consumer-coordinator-metrics", "rebalance-total", "rebalances", 1),
            Kept.counter("consumer-coordinator-metrics", "failed-rebalance-total", "rebalances.failed", 1),
            Kept.counter(
                    "consumer-coordinator-metrics",
                    "rebalance-latency-total",
                    "rebalancing.seconds",
                    MILLIS_PER_SECOND),
            Kept.gauge("consumer-coordinator-metrics", "last-heartbeat-seconds-ago", "heartbeat.age.seconds", false),
            Kept.gauge("consumer-metrics", "connection-count", "connections", false));

    private static final List<Kept> OF_PRODUCERS = List.of(
            Kept.counter("producer-metrics", "record-send-total", "records.sent", 1),
            Kept.counter("producer-metrics", "record-retry-total", "records.resent", 1),
            Kept.counter("producer-metrics", "record-error-total", "records.failed", 1),
            Kept.gauge("producer-metrics", "request-latency-avg", "request.latency.seconds", true),
            Kept.gauge("producer-metrics", "buffer-available-bytes", "buffer.available.bytes", false),
            Kept.gauge("producer-metrics", "connection-count", "connections", false));

    /** What the label {@code client} says of all lanes: their names are in the label {@code lane}. */
    private static final String OF_A_LANE = "lane";

    private final Meters meters;
    private final Tags ofConsumer;
    private final Tags ofProducer;

    /** What each meter reads, by its name. Any thread. */
    private final Map<String, Source> sources = new ConcurrentHashMap<>();

    private KafkaMeters(Meters meters, String lane, String client) {
        this.meters = meters;
        this.ofConsumer = Tags.of("lane", lane);
        this.ofProducer = ofConsumer.and("client", client);
    }

    static KafkaMeters ofLane(Meters meters, String lane) {
        return new KafkaMeters(meters, lane, OF_A_LANE);
    }

    /** An empty label is none to Prometheus; but all series of one name must have the same ones. */
    static KafkaMeters ofProcess(Meters meters, String client) {
        return new KafkaMeters(meters, "", client);
    }

    /** One of Kafka's metrics, and what becomes of it: its value is divided by {@code per}. */
    private record Kept(String group, String kafkaName, String name, boolean counts, double per) {

        static Kept counter(String group, String kafkaName, String name, double per) {
            return new Kept(group, kafkaName, name, true, per);
        }

        static Kept gauge(String group, String kafkaName, String name, boolean millis) {
            return new Kept(group, kafkaName, name, false, millis ? MILLIS_PER_SECOND : 1);
        }
    }

    /** What a meter reads: the metric of the client of the moment. */
    private static final class Source {

        /** Written by whoever makes a client, read by whoever scrapes. */
        private volatile Metric metric;

        Source(Metric metric) {
            this.metric = metric;
        }
    }

    /**
     * Adds those of a consumer, in the place of an earlier one's.
     *
     * @param metrics its own, which may be asked on any thread
     */
    public void consumer(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        OF_CONSUMERS.forEach(kept -> add("jobqueue.kafka.consumer.", kept, ofConsumer, metrics));
    }

    /**
     * Adds those of a producer, in the place of an earlier one's.
     *
     * @param metrics its own, which may be asked on any thread
     */
    public void producer(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        OF_PRODUCERS.forEach(kept -> add("jobqueue.kafka.producer.", kept, ofProducer, metrics));
    }

    private void add(String prefix, Kept kept, Tags tags, Supplier<Map<MetricName, ? extends Metric>> metrics) {
        Optional<? extends Metric> found = metrics.get().entrySet().stream()
                .filter(entry -> isSum(entry.getKey(), kept))
                .map(Map.Entry::getValue)
                .findFirst();
        // What a later client no longer meters is missing in the docs' test, not a reason to run no jobs.
        found.ifPresent(metric -> read(prefix, kept, tags, metric));
    }

    private void read(String prefix, Kept kept, Tags tags, Metric metric) {
        Source source = new Source(metric);
        Source before = sources.putIfAbsent(prefix + kept.name(), source);
        if (before == null) {
            register(prefix, kept, tags, source);
        } else {
            before.metric = metric;
        }
    }

    private void register(String prefix, Kept kept, Tags tags, Source source) {
        String description = source.metric.metricName().description();
        if (kept.counts()) {
            meters.counter(prefix + kept.name(), description, tags, source, s -> value(s.metric, kept));
        } else {
            meters.gauge(prefix + kept.name(), description, tags, source, s -> value(s.metric, kept));
        }
    }

    /** Before the first measurement Kafka says NaN, which no sum gets over, or -1. */
    private static double value(Metric metric, Kept kept) {
        return metric.metricValue() instanceof Number number && number.doubleValue() > 0
                ? number.doubleValue() / kept.per()
                : 0;
    }

    /** That of the client as a whole, not of one topic, partition or broker. */
    private static boolean isSum(MetricName name, Kept kept) {
        return name.group().equals(kept.group())
                && name.name().equals(kept.kafkaName())
                && name.tags().keySet().equals(Set.of("client-id"));
    }
}
