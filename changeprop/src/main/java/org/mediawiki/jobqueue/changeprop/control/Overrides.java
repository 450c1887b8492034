package org.mediawiki.jobqueue.changeprop.control;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.LowTrafficConfig;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/** The overrides that are known, one for each knob, and what they make of a configuration. Pure and immutable. */
final class Overrides {

    static final Overrides NONE = new Overrides(Map.of());

    private final Map<Knob, OperatorOverride> byKnob;

    private Overrides(Map<Knob, OperatorOverride> byKnob) {
        this.byKnob = Map.copyOf(byKnob);
    }

    Overrides with(OperatorOverride override) {
        Map<Knob, OperatorOverride> next = new LinkedHashMap<>(byKnob);
        next.put(override.knob(), override);
        return new Overrides(next);
    }

    Overrides without(Knob knob) {
        Map<Knob, OperatorOverride> next = new LinkedHashMap<>(byKnob);
        next.remove(knob);
        return new Overrides(next);
    }

    Optional<OperatorOverride> of(Knob knob) {
        return Optional.ofNullable(byKnob.get(knob));
    }

    /** Those that have not ended, in the order of their keys. */
    Overrides inForce(Instant now) {
        Map<Knob, OperatorOverride> next = new LinkedHashMap<>(byKnob);
        next.values().removeIf(override -> override.isOver(now));
        return new Overrides(next);
    }

    /** Those that have ended and were not removed. */
    List<OperatorOverride> over(Instant now) {
        return list().stream().filter(override -> override.isOver(now)).toList();
    }

    /** In the order of their keys. */
    List<OperatorOverride> list() {
        return byKnob.values().stream()
                .sorted(Comparator.comparing(override -> override.knob().key()))
                .toList();
    }

    /**
     * What holds with all of them. A job type without an entry gets one of its own for as long as it has an override: so
     * it is isolated, with the other settings and the rule of the pool that it leaves, and as many slots as it could have
     * had there while others wait. What refers to no lane, or to a type that no lane runs, changes nothing.
     */
    Configuration appliedTo(Configuration configuration) {
        Map<String, LaneConfig> lanes = new LinkedHashMap<>(configuration.lanes());
        for (OperatorOverride override : list()) {
            apply(override, lanes, new EffectiveConfig(configuration));
        }
        return lanes.equals(configuration.lanes()) ? configuration : configuration.withLanes(lanes);
    }

    private static void apply(OperatorOverride override, Map<String, LaneConfig> lanes, EffectiveConfig effective) {
        String name = override.knob().name();
        if (override.knob().kind() == Knob.Kind.LANE_PAUSED) {
            lanes.computeIfPresent(name, (unused, lane) -> lane.withPaused(Boolean.parseBoolean(override.value())));
        } else if (name.equals(EffectiveConfig.LOW_TRAFFIC)) {
            lanes.replaceAll((unused, lane) -> withPool(lane, override));
        } else {
            effective.laneOf(name).ifPresent(lane -> {
                JobTypeConfig usual = usualEntry(name, effective.lane(lane));
                lanes.computeIfPresent(lane, (unused, settings) -> withType(settings, usual, override));
            });
        }
    }

    private static LaneConfig withPool(LaneConfig lane, OperatorOverride override) {
        LowTrafficConfig pool = lane.lowTraffic();
        if (pool == null) {
            return lane;
        }
        return lane.withLowTraffic(
                switch (override.knob().kind()) {
                    case TYPE_CONCURRENCY -> pool.withConcurrency(Integer.parseInt(override.value()));
                    case TYPE_RATE -> pool.withRate(Rate.parse(override.value()));
                    case TYPE_PAUSED -> pool.withPaused(Boolean.parseBoolean(override.value()));
                    case LANE_PAUSED -> pool;
                });
    }

    private static LaneConfig withType(LaneConfig lane, JobTypeConfig usual, OperatorOverride override) {
        Map<String, JobTypeConfig> jobs = new LinkedHashMap<>(lane.jobs());
        JobTypeConfig before = jobs.getOrDefault(override.knob().name(), usual);
        jobs.put(
                override.knob().name(),
                switch (override.knob().kind()) {
                    case TYPE_CONCURRENCY -> before.withConcurrency(Integer.parseInt(override.value()));
                    case TYPE_RATE -> before.withRate(Rate.parse(override.value()));
                    case TYPE_PAUSED -> before.withPaused(Boolean.parseBoolean(override.value()));
                    case LANE_PAUSED -> before;
                });
        return lane.withJobs(jobs);
    }

    /** What the file says of the type, or would if it had an entry. */
    private static JobTypeConfig usualEntry(String type, LaneConfig lane) {
        JobTypeConfig own = lane.jobs().get(type);
        if (own != null) {
            return own;
        }
        LowTrafficConfig pool = Objects.requireNonNull(lane.lowTraffic());
        return pool.asJobType().withConcurrency(Math.max(1, (int) (pool.concurrency() * pool.maxShare())));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Overrides overrides && overrides.byKnob.equals(byKnob);
    }

    @Override
    public int hashCode() {
        return byKnob.hashCode();
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
