package org.mediawiki.jobqueue.changeprop.app;

import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mediawiki.jobqueue.changeprop.consume.Holdings;
import org.mediawiki.jobqueue.changeprop.dispatch.JobPipeline;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** What a lane does, as it is told to the fleet. Used on the lane's context. */
final class LaneReport {

    private final Map<String, TypeUsage> usage = new HashMap<>();
    private final Map<String, BreakerState> breakers = new HashMap<>();
    private final Map<String, Ages> oldest;
    private final Map<String, Long> lag;

    private LaneReport(Lane queue, JobPipeline pipeline, Holdings holdings) {
        this.oldest = pipeline.oldest();
        this.lag = holdings.lagByType();
        queue.usage(usage::put);
        queue.breakers(breakers::put);
    }

    static LaneState of(String name, Lane queue, JobPipeline pipeline, Holdings holdings) {
        LaneReport report = new LaneReport(queue, pipeline, holdings);
        return new LaneState(
                name, text(queue.targetBreaker().phase()), queue.heldWikis(), pipeline.waiting(), report.types());
    }

    private List<TypeState> types() {
        Set<String> names = new TreeSet<>(usage.keySet());
        names.addAll(lag.keySet());
        return names.stream().map(this::type).toList();
    }

    private TypeState type(String name) {
        TypeUsage used = usage.get(name);
        BreakerState breaker = breakers.get(name);
        return new TypeState(
                name,
                used == null ? 0 : used.running(),
                used == null ? 0 : used.waiting(),
                lag.getOrDefault(name, 0L),
                used != null && used.held(),
                text(breaker == null ? BreakerState.Phase.CLOSED : breaker.phase()),
                oldest.getOrDefault(name, Ages.NONE).attempt().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String text(BreakerState.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
