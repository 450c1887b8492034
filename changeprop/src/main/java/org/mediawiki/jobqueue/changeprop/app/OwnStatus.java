package org.mediawiki.jobqueue.changeprop.app;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.status.BreakerStatus;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.LaneStatus;
import org.mediawiki.jobqueue.changeprop.status.Readings;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;
import org.mediawiki.jobqueue.changeprop.status.Window;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;

/** Puts together what this instance's meters, configuration and lanes say. Pure but for the history that it asks. */
final class OwnStatus {

    private final EffectiveConfig effective;
    private final InForce inForce;
    private final Readings readings;
    private final History history;
    private final Instant now;

    /** {@code configuration} is what is in force. */
    OwnStatus(Configuration configuration, Readings readings, History history, Instant now) {
        this.effective = new EffectiveConfig(configuration);
        this.inForce = new InForce(effective);
        this.readings = readings;
        this.history = history;
        this.now = now;
    }

    LaneStatus lane(String name, LaneLook look, Optional<String> unready) {
        LaneConfig lane = effective.lane(name);
        return new LaneStatus(
                name,
                lane.target(),
                inForce.uri(name),
                lane.concurrency(),
                lane.paused(),
                look.running(),
                (long) readings.laneGauge(name, "jobqueue.wikis.held"),
                (long) readings.laneGauge(name, "jobqueue.jobs.delayed"),
                breaker(look.target()),
                unready.orElse(""));
    }

    /** The types that the configuration names, and those that were seen. */
    List<TypeStatus> types(String lane, LaneLook look) {
        Set<String> names = new TreeSet<>(effective.lane(lane).jobs().keySet());
        readings.types().stream().filter(key -> key.lane().equals(lane)).forEach(key -> names.add(key.type()));
        List<TypeStatus> types = new ArrayList<>();
        for (String name : names) {
            inForce.policy(lane, name)
                    .ifPresent(policy -> types.add(type(policy, look.types().get(name))));
        }
        return types;
    }

    /** What history notes of every type. */
    Map<TypeKey, History.Sample> samples() {
        Map<TypeKey, History.Sample> samples = new TreeMap<>();
        for (TypeKey key : readings.types()) {
            inForce.policy(key.lane(), key.type()).ifPresent(policy -> samples.put(key, sample(key)));
        }
        return samples;
    }

    private History.Sample sample(TypeKey key) {
        return new History.Sample(
                total(key),
                readings.verdicts(key),
                (long) readings.gauge(key, "jobqueue.slots.in.use"),
                (long) readings.gauge(key, "jobqueue.jobs.waiting"),
                backlog(key));
    }

    private TypeStatus type(JobTypePolicy policy, @Nullable BreakerState breaker) {
        TypeKey key = new TypeKey(policy.lane(), policy.type());
        Window total = total(key);
        return new TypeStatus(
                policy.lane(),
                policy.type(),
                inForce.limits(policy),
                use(key),
                breaker == null ? null : breaker(breaker),
                history.last(key, History.stepsOfAMinute(), total, now),
                history.last(key, History.POINTS, total, now),
                history.verdicts(key, readings.verdicts(key)));
    }

    private Use use(TypeKey key) {
        return new Use(
                (long) readings.gauge(key, "jobqueue.slots.in.use"),
                (long) readings.gauge(key, "jobqueue.jobs.waiting"),
                backlog(key),
                readings.gauge(key, "jobqueue.lag.seconds"),
                readings.scheduled(key.type()),
                0,
                readings.gauge(key, "jobqueue.attempt.oldest.seconds"),
                readings.gauge(key, "jobqueue.type.held") > 0);
    }

    private long backlog(TypeKey key) {
        double lag = readings.gauge(key, "jobqueue.lag.jobs");
        return (long) Math.max(lag, readings.gauge(key, "jobqueue.records.open"));
    }

    /** By its own rule and by that of the pool: the configuration may have moved it from one to the other. */
    private Window total(TypeKey key) {
        String stream = "mediawiki.job." + key.type();
        return readings.total(
                key,
                Set.of(
                        QueueMetrics.ruleLabel(key.type(), stream),
                        QueueMetrics.ruleLabel(EffectiveConfig.LOW_TRAFFIC, stream)));
    }

    private static BreakerStatus breaker(BreakerState state) {
        return new BreakerStatus(
                state.phase().name().toLowerCase(Locale.ROOT),
                state.reason(),
                state.since(),
                state.lastErrors().stream()
                        .map(error -> new BreakerStatus.Failure(error.at(), error.status(), error.message()))
                        .toList());
    }
}
