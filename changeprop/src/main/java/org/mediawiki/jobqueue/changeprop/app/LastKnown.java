package org.mediawiki.jobqueue.changeprop.app;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.fleet.Instance;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.status.BreakerStatus;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.LaneStatus;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;
import org.mediawiki.jobqueue.changeprop.status.Window;

/**
 * The status of an instance that cannot be asked, by what it told the fleet last: what it runs takes slots, whether it
 * answers or not. What it did not tell, such as what ended there, is nothing. Pure.
 */
final class LastKnown {

    private final Configuration configuration;
    private final InForce inForce;
    private final Instant now;

    /** {@code configuration} is what is in force here, and there as well but for moments. */
    LastKnown(Configuration configuration, Instant now) {
        this.configuration = configuration;
        this.inForce = new InForce(new EffectiveConfig(configuration));
        this.now = now;
    }

    /**
     * As it was.
     *
     * @param who as it has introduced itself
     * @param state what it told last; empty where it has told nothing yet
     * @param trouble why it cannot be asked
     */
    Status of(Instance who, Optional<InstanceState> state, String trouble) {
        List<LaneStatus> lanes = new ArrayList<>();
        List<TypeStatus> types = new ArrayList<>();
        state.ifPresent(told -> told.lanes().forEach(lane -> {
            lane(lane, told.at()).ifPresent(lanes::add);
            lane.types().forEach(type -> type(lane.name(), type, told.at()).ifPresent(types::add));
        }));
        URI admin = who.adminUri().orElse(null);
        InstanceStatus instance = new InstanceStatus(
                who.identity().name(),
                who.version(),
                who.started(),
                admin,
                who.lanes(),
                state.map(LastKnown::running).orElse(0L),
                List.of(trouble + state.map(this::age).orElse("")),
                List.of());
        return new Status(now, configuration.service(), configuration.dc(), "", List.of(instance), lanes, types);
    }

    private String age(InstanceState told) {
        long seconds = Math.max(0, Duration.between(told.at(), now).toSeconds());
        return "; shown is what it said " + seconds + " s ago";
    }

    private Optional<LaneStatus> lane(LaneState told, Instant at) {
        return inForce.lane(told.name())
                .map(lane -> new LaneStatus(
                        told.name(),
                        lane.target(),
                        inForce.uri(told.name()),
                        lane.concurrency(),
                        lane.paused(),
                        running(told),
                        told.heldWikis(),
                        told.delayed(),
                        breaker(told.targetBreaker(), at),
                        ""));
    }

    private Optional<TypeStatus> type(String lane, TypeState told, Instant at) {
        Use use = new Use(
                told.running(),
                told.waiting(),
                told.running() + told.waiting() + told.lag(),
                0,
                0,
                0,
                told.oldestAttempt().toSeconds(),
                told.held());
        return inForce.policy(lane, told.type())
                .map(policy -> new TypeStatus(
                        lane,
                        told.type(),
                        inForce.limits(policy),
                        use,
                        breaker(told.breaker(), at),
                        Window.NOTHING,
                        Window.NOTHING,
                        Map.of()));
    }

    /** When it came to be so is not told; it was so by then. */
    private static BreakerStatus breaker(String phase, Instant at) {
        return new BreakerStatus(phase, "", at, List.of());
    }

    private static long running(InstanceState told) {
        return told.lanes().stream().mapToLong(LastKnown::running).sum();
    }

    private static long running(LaneState told) {
        return told.types().stream().mapToLong(TypeState::running).sum();
    }
}
