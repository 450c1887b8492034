package org.mediawiki.jobqueue.changeprop.app;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.assign.Unit;
import org.mediawiki.jobqueue.changeprop.config.BreakerConfig;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;
import org.mediawiki.jobqueue.runner.lane.FinerLimits;
import org.mediawiki.jobqueue.runner.lane.LaneSettings;
import org.mediawiki.jobqueue.runner.lane.MostBlocked;
import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.TypeSettings;

/**
 * The limits of a lane, and what follows from them: what its job types share and may use, how many records may be open,
 * how many connections are needed. Pure.
 */
final class PoolForm {

    /** Enough to keep any limit busy between two polls, and that a type of small limit notices little of a pause. */
    private static final int LEAST_OPEN_SLOTS = 1_000;

    /**
     * A quarter may run and a quarter may be blocked; a paused partition resumes at the half, so that it always comes
     * to those behind them.
     */
    private static final int OPEN_SLOTS_PER_LIMIT = 4;

    /** No more than runs is ever opened, so a bound that is larger costs nothing. */
    private static final int LEAST_CONNECTIONS = 256;

    private final EffectiveConfig effective;
    private final String name;
    private final LaneConfig lane;

    /** {@code name} is the lane's. */
    PoolForm(EffectiveConfig effective, String name) {
        this.effective = effective;
        this.name = name;
        this.lane = effective.lane(name);
    }

    /** What shares limits with the type, and so belongs to one instance: its pool, or the lane where that has a limit. */
    Unit unitOf(String type) {
        JobTypePolicy policy = effective.policyFor(name, type);
        return lane.concurrency() == null
                ? new Unit(policy.pool(), policy.settings().concurrency())
                : new Unit("lane/" + name, lane.concurrency());
    }

    /** Those whose job types share limits; all share that of the lane where it has one. */
    Set<String> pools() {
        return lane.concurrency() == null ? Set.copyOf(lane.jobs().keySet()) : Set.of(name);
    }

    /** {@code maxOpenBytes} is the lane's part of the memory. */
    LaneSettings settings(long maxOpenBytes) {
        return new LaneSettings(
                name,
                optional(lane.concurrency()),
                new MostBlocked(maxOpenSlots() / OPEN_SLOTS_PER_LIMIT, maxOpenBytes / OPEN_SLOTS_PER_LIMIT),
                breaker(lane.breaker()),
                this::typeSettings,
                lane.paused());
    }

    /** How much may be open. */
    FlowControl flowControl(long maxOpenBytes) {
        return new FlowControl(maxOpenSlots(), maxOpenBytes);
    }

    /**
     * For all that may run at once, as far as a client takes it; {@code check} tells where that is not far enough. In
     * steps, so that not every change of a limit means new connections.
     */
    int connections() {
        int running = Math.min(Connections.MOST, effective.mostRunning(name));
        int most = LEAST_CONNECTIONS;
        while (most < running) {
            most *= 2;
        }
        return Math.min(Connections.MOST, most);
    }

    /** Of a type that the lane runs no longer nothing starts; what runs goes on. */
    private TypeSettings typeSettings(String type) {
        if (effective.laneOf(type).filter(name::equals).isEmpty()) {
            return new TypeSettings(
                    new PoolSettings(type, 1, 1, 0), effective.targetOf(name).timeout(), breaker(lane.breaker()), true);
        }
        JobTypePolicy policy = effective.policyFor(name, type);
        JobTypeConfig settings = policy.settings();
        double maxShare = policy.hasOwnPool() || lane.lowTraffic() == null
                ? 1
                : lane.lowTraffic().maxShare();
        return new TypeSettings(
                new PoolSettings(
                        policy.pool(), settings.concurrency(), maxShare, settings.priority(), finerLimits(settings)),
                settings.timeout(),
                breaker(settings.breaker()),
                settings.paused());
    }

    private static BreakerSettings breaker(BreakerConfig config) {
        return new BreakerSettings(
                config.failureRate(), config.window(), config.minimumCalls(), config.openFor(), config.probes());
    }

    private static FinerLimits finerLimits(JobTypeConfig settings) {
        return new FinerLimits(
                optional(settings.perSection()),
                optional(settings.perWiki()),
                settings.rate() == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(settings.rate().perSecond()));
    }

    private int maxOpenSlots() {
        int largest = lowTrafficConcurrency();
        for (JobTypeConfig type : lane.jobs().values()) {
            largest = Math.max(largest, type.concurrency());
        }
        return Math.max(LEAST_OPEN_SLOTS, OPEN_SLOTS_PER_LIMIT * largest);
    }

    private int lowTrafficConcurrency() {
        return lane.lowTraffic() == null ? 0 : lane.lowTraffic().concurrency();
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
