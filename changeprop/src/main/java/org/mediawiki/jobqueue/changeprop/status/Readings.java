package org.mediawiki.jobqueue.changeprop.status;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the meters say of every job type and lane at one moment. One walk over the registry, whatever is in it; not on a
 * context.
 */
public final class Readings {

    private static final Set<String> PROCESSING =
            Set.of("cpjobqueue_normal_rule_processing", "cpjobqueue_retry_rule_processing");

    private static final String DELAY = "cpjobqueue_normal_rule_processing_delay";

    private final Map<TypeKey, Type> types = new TreeMap<>();
    private final Map<String, Map<String, Double>> lanes = new HashMap<>();
    private final Map<String, Long> scheduled = new HashMap<>();
    private final Map<String, Sum> byRule = new HashMap<>();

    private Readings() {}

    /** What counts of a job type, since the process began or now. */
    private static final class Type {
        private final Map<String, Double> gauges = new HashMap<>();
        private final Map<String, Long> verdicts = new TreeMap<>();
    }

    private static final class Sum {
        private double seconds;
        private double delaySeconds;
        private long started;

        void add(Sum other) {
            seconds += other.seconds;
            delaySeconds += other.delaySeconds;
            started += other.started;
        }
    }

    /** Reads {@code registry}. */
    public static Readings of(MeterRegistry registry) {
        Readings readings = new Readings();
        registry.forEachMeter(readings::read);
        return readings;
    }

    /** The types that the meters know. */
    public Set<TypeKey> types() {
        return types.keySet();
    }

    /** A gauge of a type, such as {@code jobqueue.jobs.waiting}; 0 where there is none. */
    public double gauge(TypeKey key, String name) {
        Type type = types.get(key);
        return type == null ? 0 : type.gauges.getOrDefault(name, 0.0);
    }

    /** A gauge of a lane; 0 where there is none. */
    public double laneGauge(String lane, String name) {
        return lanes.getOrDefault(lane, Map.of()).getOrDefault(name, 0.0);
    }

    /** How many jobs of a type wait for a time in this instance. */
    public long scheduled(String type) {
        return scheduled.getOrDefault(type, 0L);
    }

    /** What its attempts came to since the process began: {@code <verdict> <status>} and how many. */
    public Map<String, Long> verdicts(TypeKey key) {
        Type type = types.get(key);
        return type == null ? Map.of() : Map.copyOf(type.verdicts);
    }

    /**
     * All that ended since the process began.
     *
     * @param ruleLabels the {@code rule} labels that the type's legacy metrics have, or had before its rule was changed
     */
    public Window total(TypeKey key, Set<String> ruleLabels) {
        Map<String, Long> verdicts = verdicts(key);
        Sum sum = new Sum();
        ruleLabels.forEach(label -> sum.add(byRule.getOrDefault(label, new Sum())));
        BiFunction<String, Map<String, Long>, Long> of = (verdict, counts) -> counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith(verdict + " "))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new Window(
                of.apply("done", verdicts),
                of.apply("retry", verdicts),
                of.apply("dead", verdicts),
                of.apply("hold", verdicts),
                sum.seconds,
                sum.delaySeconds,
                sum.started);
    }

    private void read(Meter meter) {
        Meter.Id id = meter.getId();
        String lane = id.getTag("lane");
        String type = id.getTag("type");
        if (meter instanceof DistributionSummary summary) {
            summary(id, summary);
        } else if (meter instanceof Counter counter && id.getName().equals("jobqueue.verdicts")) {
            String label = id.getTag("verdict") + " " + id.getTag("status");
            of(lane, type).verdicts.merge(label, (long) counter.count(), Long::sum);
        } else if (meter instanceof Gauge gauge) {
            gauge(id.getName(), lane, type, gauge.value());
        }
    }

    private void gauge(String name, @Nullable String lane, @Nullable String type, double value) {
        if (lane != null && type != null) {
            of(lane, type).gauges.merge(name, value, Double::sum);
        } else if (lane != null) {
            lanes.computeIfAbsent(lane, ignored -> new HashMap<>()).put(name, value);
        } else if (type != null && name.equals("jobqueue.scheduler.depth")) {
            scheduled.merge(type, (long) value, Long::sum);
        }
    }

    private void summary(Meter.Id id, DistributionSummary summary) {
        String rule = id.getTag("rule");
        if (rule == null) {
            return;
        }
        Sum sum = byRule.computeIfAbsent(rule, ignored -> new Sum());
        if (PROCESSING.contains(id.getName())) {
            sum.seconds += summary.totalAmount();
        } else if (DELAY.equals(id.getName())) {
            sum.delaySeconds += summary.totalAmount();
            sum.started += summary.count();
        }
    }

    private Type of(@Nullable String lane, @Nullable String type) {
        return types.computeIfAbsent(new TypeKey(String.valueOf(lane), String.valueOf(type)), ignored -> new Type());
    }
}
