package org.mediawiki.jobqueue.changeprop.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that do the work of a service, all of them open. Any thread.
 *
 * @param intake empty where no events are taken
 */
record RunningParts(
        List<RunningLane> lanes, RunningScheduler scheduler, Optional<RunningIntake> intake, RunningFleet fleet) {

    private static final Logger LOG = LoggerFactory.getLogger(RunningParts.class);

    RunningParts {
        lanes = List.copyOf(lanes);
    }

    List<String> laneNames() {
        return lanes.stream().map(RunningLane::name).toList();
    }

    /** All that can say how they are. */
    List<Vitals> vitals() {
        List<Vitals> vitals = new ArrayList<>(lanes);
        vitals.add(scheduler);
        intake.ifPresent(vitals::add);
        vitals.add(fleet);
        return vitals;
    }

    /** What holds from here on. */
    void apply(Configuration next) {
        lanes.forEach(lane -> lane.apply(new LaneForm(next, lane.name()))
                .onFailure(
                        bug -> LOG.error("Lane {} does not go by the configuration: this is a bug", lane.name(), bug)));
    }

    /** Go on with other clients of Kafka. */
    void renewClients() {
        lanes.forEach(RunningLane::renewClients);
        scheduler.renew();
        intake.ifPresent(RunningIntake::push);
    }
}
