package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.control.Knob;
import org.mediawiki.jobqueue.changeprop.status.Status;

/** Whether there is what somebody wants to turn: a misspelt name would be set and change nothing. */
final class KnobCheck {

    private static final long PATIENCE_MILLIS = 500;

    private final Supplier<Configuration> configuration;
    private final Function<RoutingContext, Future<Status>> status;

    /**
     * @param configuration what is in force
     * @param status of the fleet, which knows the job types that were seen
     */
    KnobCheck(Supplier<Configuration> configuration, Function<RoutingContext, Future<Status>> status) {
        this.configuration = configuration;
        this.status = status;
    }

    /**
     * What to tell whoever turns it; empty where nothing is strange. A type that nobody knows may be one to come.
     *
     * @throws Refusal where it would change nothing: there is no such lane, or none runs the type
     */
    Future<Optional<String>> notice(RoutingContext context, Knob knob) {
        EffectiveConfig effective = new EffectiveConfig(configuration.get());
        if (knob.kind() == Knob.Kind.LANE_PAUSED) {
            requireLane(effective.configuration(), knob.name());
            return nothing();
        } else if (knob.name().equals(EffectiveConfig.LOW_TRAFFIC)) {
            requirePool(effective.configuration());
            return nothing();
        }
        String lane = effective
                .laneOf(knob.name())
                .orElseThrow(() -> Refusal.notFound(
                        "No lane runs " + knob.name() + ": it is excluded, or no lane has low_traffic"));
        return effective.lane(lane).jobs().containsKey(knob.name()) ? nothing() : noticeOf(context, knob.name());
    }

    private static void requireLane(Configuration configuration, String name) {
        if (!configuration.lanes().containsKey(name)) {
            throw Refusal.notFound("No lane " + name + "; there are "
                    + String.join(", ", configuration.lanes().keySet()));
        }
    }

    private static void requirePool(Configuration configuration) {
        if (configuration.lanes().values().stream().allMatch(lane -> lane.lowTraffic() == null)) {
            throw Refusal.notFound("No lane has low_traffic");
        }
    }

    private Future<Optional<String>> noticeOf(RoutingContext context, String type) {
        return status.apply(context)
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .map(known -> known.types().stream().anyMatch(one -> one.type().equals(type)))
                // Who does not know says nothing: instances may be silent just when something is to be paused.
                .otherwise(true)
                .map(isKnown -> isKnown
                        ? Optional.<String>empty()
                        : Optional.of("No job type " + type + " is configured, and none was seen: is it spelt so?"));
    }

    private static Future<Optional<String>> nothing() {
        return Future.succeededFuture(Optional.empty());
    }
}
