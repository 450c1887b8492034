package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** Adds meters to a registry, in the few kinds that the queue has. A meter that is there already is found. Any thread. */
final class Meters {

    /** Upper bounds of the delay histograms, in seconds: the legacy service's. */
    private static final double[] DELAY_BUCKETS = {1, 30, 60, 300, 600, 1800, 3600, 21600, 86400};

    private final MeterRegistry registry;
    private final Map<Tags, AtomicLong> levels = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A gauge of {@code source}, which must be kept alive elsewhere. */
    <T> void gauge(String name, String description, Tags tags, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).tags(tags).register(registry);
    }

    /** A gauge that is set. */
    AtomicLong level(String name, String description, Tags tags) {
        return levels.computeIfAbsent(tags.and("__name__", name), ignored -> {
            AtomicLong value = new AtomicLong();
            gauge(name, description, tags, value, AtomicLong::doubleValue);
            return value;
        });
    }

    Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /** A counter of {@code source}, which must be kept alive elsewhere: else it stays at what it was. */
    <T> void counter(String name, String description, Tags tags, T source, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, source, count)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** A histogram; {@code buckets} are upper bounds. */
    DistributionSummary summary(String name, String description, Tags tags, double... buckets) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** A histogram of what comes after seconds or after a day. */
    DistributionSummary delays(String name, String description, Tags tags) {
        return summary(name, description, tags, DELAY_BUCKETS);
    }
}
