package org.mediawiki.jobqueue.changeprop.app;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mediawiki.jobqueue.changeprop.consume.Holdings;
import org.mediawiki.jobqueue.changeprop.consume.Holdings.Holding;
import org.mediawiki.jobqueue.changeprop.dispatch.JobPipeline;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.Work;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** What a lane owns and does, as it is told to the fleet. Used on the lane's context. */
final class LaneReport {

    private static final Holding NOTHING = new Holding(0, 0);

    private final LaneForm form;
    private final Map<String, TypeUsage> usage = new HashMap<>();
    private final Map<String, BreakerState> breakers = new HashMap<>();
    private final Map<String, Ages> oldest;
    private final Map<String, Map<String, Long>> verdicts;
    private final Holdings holdings;

    private LaneReport(LaneForm form, Lane queue, JobPipeline pipeline, Holdings holdings) {
        this.form = form;
        this.oldest = pipeline.oldest();
        this.verdicts = pipeline.verdicts();
        this.holdings = holdings;
        queue.usage(usage::put);
        queue.breakers(breakers::put);
    }

    static LaneState of(LaneForm form, Lane queue, JobPipeline pipeline, Holdings holdings) {
        LaneReport report = new LaneReport(form, queue, pipeline, holdings);
        return new LaneState(
                form.name(),
                text(queue.targetBreaker()),
                queue.heldWikis(),
                pipeline.waiting(),
                holdings.handedOver(),
                report.types());
    }

    private List<TypeState> types() {
        Set<String> names = new TreeSet<>(usage.keySet());
        names.addAll(holdings.byType().keySet());
        List<TypeState> types = new ArrayList<>();
        names.forEach(name -> types.add(type(name)));
        return types;
    }

    private TypeState type(String name) {
        Holding holding = holdings.byType().getOrDefault(name, NOTHING);
        return new TypeState(
                name, form.pools().poolName(name), form.pools().limit(name), holding.partitions(), holding.lag(), work(name));
    }

    private Work work(String name) {
        TypeUsage used = usage.get(name);
        BreakerState breaker = breakers.get(name);
        return new Work(
                used == null ? 0 : used.running(),
                used == null ? 0 : used.occupied(),
                used == null ? 0 : used.waiting(),
                form.pools().isPaused(name),
                used != null && used.held(),
                breaker == null ? text(BreakerState.Phase.CLOSED) : text(breaker),
                oldest.getOrDefault(name, Ages.NONE).attempt().truncatedTo(ChronoUnit.SECONDS),
                verdicts.getOrDefault(name, Map.of()));
    }

    private static String text(BreakerState breaker) {
        return text(breaker.phase());
    }

    private static String text(BreakerState.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
