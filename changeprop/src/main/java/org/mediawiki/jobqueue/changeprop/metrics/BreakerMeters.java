package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.FailureKind;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

/**
 * The meters of one breaker, which show its state as it was when it was last told. What never happened has no meter: of
 * most breakers nothing but the phase is of interest.
 */
final class BreakerMeters {

    private final Meters meters;
    private final String name;
    private final Tags tags;

    /** Those that have a meter. Told by one thread at a time, the lane's context. */
    private final Set<Trigger> triggers = EnumSet.noneOf(Trigger.class);

    private final Set<FailureKind> kinds = EnumSet.noneOf(FailureKind.class);

    /** Written by the lane's context, read by scrapes. */
    private volatile BreakerState state;

    /** {@code name} is that of the gauge of the phase; the others begin with it. */
    BreakerMeters(Meters meters, String name, Tags tags, BreakerState first) {
        this.meters = meters;
        this.name = name;
        this.tags = tags;
        this.state = first;
        meters.gauge(
                name,
                "0 closed: jobs are sent; 1 half-open: a few probes are; 2 open: none is.",
                tags,
                this,
                breaker -> number(breaker.state.phase()));
    }

    void set(BreakerState now) {
        state = now;
        now.openings().keySet().stream().filter(triggers::add).forEach(this::meter);
        now.failures().keySet().stream().filter(kinds::add).forEach(this::meter);
    }

    /** Of two breakers that share a label: the worse phase, and what both have counted. */
    static BreakerState together(BreakerState one, BreakerState other) {
        BreakerState worse = number(one.phase()) < number(other.phase()) ? other : one;
        return new BreakerState(
                worse.phase(),
                worse.reason(),
                worse.since(),
                worse.lastErrors(),
                sums(one.openings(), other.openings()),
                sums(one.failures(), other.failures()));
    }

    private static <T> Map<T, Long> sums(Map<T, Long> one, Map<T, Long> other) {
        Map<T, Long> sums = new HashMap<>(one);
        other.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }

    private void meter(Trigger trigger) {
        meters.counter(
                name + ".openings",
                "How often the breaker opened, by what opened it.",
                tags.and("trigger", EnumLabel.of(trigger)),
                this,
                breaker -> breaker.state.openings().getOrDefault(trigger, 0L));
    }

    private void meter(FailureKind kind) {
        meters.counter(
                name + ".failures",
                "Failures that the breaker counted.",
                tags.and("kind", EnumLabel.of(kind)),
                this,
                breaker -> breaker.state.failures().getOrDefault(kind, 0L));
    }

    private static int number(BreakerState.Phase phase) {
        return switch (phase) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
