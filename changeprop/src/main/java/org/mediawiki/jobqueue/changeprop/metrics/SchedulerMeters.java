package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.mediawiki.jobqueue.changeprop.schedule.Reason;
import org.mediawiki.jobqueue.changeprop.schedule.SchedulerListener;

/** The meters of the scheduler. Written by its threads; {@link #refresh} is called by whoever scrapes. */
public final class SchedulerMeters implements SchedulerListener {

    /** Upper bounds of the lateness, in seconds: 1 s is promised (SPEC guarantee 5). */
    private static final double[] LATENESS_BUCKETS = {0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600};

    private final Meters meters;
    private final BoundedLabel typeLabels;
    private final DistributionSummary lateness;
    private final Counter unreadable;
    private final Counter restarted;
    private final AtomicLong overdueMillis = new AtomicLong();
    private final Map<String, AtomicLong> depth = new ConcurrentHashMap<>();
    private final KafkaMeters producer;
    private final Map<Reason, Counter> scheduled;
    private final Map<Reason, Counter> released;
    private final Map<Reason, Counter> dropped;
    private final Map<Reason, Counter> refused;

    /** {@code producer} gets the meters of the one that writes. */
    SchedulerMeters(Meters meters, BoundedLabel typeLabels, KafkaMeters producer) {
        this.meters = meters;
        this.typeLabels = typeLabels;
        this.lateness = meters.summary(
                "jobqueue.scheduler.lateness.seconds",
                "Seconds from the time that something was due to its release.",
                Tags.empty(),
                LATENESS_BUCKETS);
        this.unreadable = meters.counter(
                "jobqueue.scheduler.unreadable", "Records of the scheduled topic that were none.", Tags.empty());
        this.restarted =
                meters.counter("jobqueue.scheduler.restarts", "Times that the scheduler began anew.", Tags.empty());
        this.producer = producer;
        this.scheduled = counters("scheduled", "Events put to wait.");
        this.released = counters("released", "Events that came back, when they were due or as an operator asked.");
        this.dropped = counters("dropped", "Events dropped as an operator asked.");
        this.refused = counters("refused", "Events that went to the error topic because no topic takes them.");
        meters.gauge(
                "jobqueue.scheduler.overdue.seconds",
                "How long what is due first here has been due; 0 where nothing is.",
                Tags.empty(),
                overdueMillis,
                millis -> millis.doubleValue() / TimeUnit.SECONDS.toMillis(1));
    }

    @Override
    public void scheduled(String type, Reason reason) {
        count(scheduled, reason);
    }

    @Override
    public void released(String type, Reason reason, Duration late) {
        count(released, reason);
        if (!late.isNegative()) {
            lateness.record(late.toMillis() / (double) TimeUnit.SECONDS.toMillis(1));
        }
    }

    @Override
    public void dropped(String type, Reason reason) {
        count(dropped, reason);
    }

    @Override
    public void refused(String type, Reason reason) {
        count(refused, reason);
    }

    @Override
    public void unreadable() {
        unreadable.increment();
    }

    @Override
    public void writesBy(Supplier<Map<MetricName, ? extends Metric>> itsMetrics) {
        producer.producer(itsMetrics);
    }

    @Override
    public void restarted() {
        restarted.increment();
    }

    /** The present state: how many wait, by type, and when the first of them is due. */
    public void refresh(Map<String, Long> waiting, Optional<Instant> firstDue, InstantSource clock) {
        overdueMillis.set(firstDue.map(due -> Math.max(0, clock.millis() - due.toEpochMilli()))
                .orElse(0L));
        Map<String, Long> byLabel = new HashMap<>();
        waiting.forEach((type, count) -> byLabel.merge(typeLabels.of(type), count, Long::sum));
        depth.forEach((label, count) -> count.set(byLabel.getOrDefault(label, 0L)));
        byLabel.forEach((label, count) -> depthOf(label).set(count));
    }

    private AtomicLong depthOf(String label) {
        return depth.computeIfAbsent(label, ignored -> {
            AtomicLong count = new AtomicLong();
            meters.gauge(
                    "jobqueue.scheduler.depth",
                    "Jobs that wait in the scheduler of this instance.",
                    Tags.of("type", label),
                    count,
                    AtomicLong::doubleValue);
            return count;
        });
    }

    /** All of them at once: a counter that appears with its first event has no rate for it. */
    private Map<Reason, Counter> counters(String what, String description) {
        Map<Reason, Counter> counters = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            Tags tags = Tags.of("reason", EnumLabel.of(reason));
            counters.put(reason, meters.counter("jobqueue.scheduler." + what, description, tags));
        }
        return counters;
    }

    private static void count(Map<Reason, Counter> counters, Reason reason) {
        Objects.requireNonNull(counters.get(reason)).increment();
    }
}
