package org.mediawiki.jobqueue.changeprop.config;

import java.util.Map;
import java.util.Optional;

/**
 * Answers questions about a configuration. Pure; cheap enough to ask for every record.
 *
 * @param configuration what the answers come from
 */
public record EffectiveConfig(Configuration configuration) {

    /** The pool of the job types without an entry of their own; also their rule in retry events and metrics. */
    public static final String LOW_TRAFFIC = "low_traffic_jobs";

    /** The lane whose consumer group has the service's bare name. */
    public static final String MAIN_LANE = "main";

    /** The section of a wiki that {@code sections} does not know, where it has no {@code default} either. */
    public static final String DEFAULT_SECTION = "default";

    /**
     * The lane that runs a job type.
     *
     * @return empty where the type is excluded, or where it has no entry and no lane has a low-traffic pool
     */
    public Optional<String> laneOf(String type) {
        Map<String, LaneConfig> lanes = configuration.lanes();
        if (lanes.values().stream().anyMatch(lane -> lane.exclude().contains(type))) {
            return Optional.empty();
        }
        return lanes.entrySet().stream()
                .filter(lane -> lane.getValue().jobs().containsKey(type))
                .findFirst()
                .or(() -> lanes.entrySet().stream()
                        .filter(lane -> lane.getValue().lowTraffic() != null)
                        .findFirst())
                .map(Map.Entry::getKey);
    }

    /**
     * What is in force for a job type in a lane.
     *
     * @throws IllegalArgumentException where there is no such lane, or it does not run this type
     */
    public JobTypePolicy policyFor(String lane, String type) {
        LaneConfig settings = laneNamed(lane);
        JobTypeConfig own = settings.jobs().get(type);
        if (own != null) {
            return new JobTypePolicy(lane, type, type, own);
        }
        LowTrafficConfig pool = settings.lowTraffic();
        if (pool == null) {
            throw new IllegalArgumentException("lane " + lane + " does not run " + type);
        }
        return new JobTypePolicy(lane, type, LOW_TRAFFIC, pool.asJobType());
    }

    /** The database section that a wiki lives on. */
    public String sectionOf(String wiki) {
        Map<String, String> sections = configuration.sections();
        String section = sections.get(wiki);
        return section != null ? section : sections.getOrDefault("default", DEFAULT_SECTION);
    }

    /** The consumer group of a lane (SPEC section 3): the service's name, with the lane's unless that is main. */
    public String consumerGroup(String lane) {
        return lane.equals(MAIN_LANE) ? configuration.service() : configuration.service() + "-" + lane;
    }

    /**
     * Where a lane's jobs are run.
     *
     * @throws IllegalArgumentException where there is no such lane
     */
    public TargetConfig targetOf(String lane) {
        TargetConfig target = configuration.targets().get(laneNamed(lane).target());
        if (target == null) {
            throw new IllegalArgumentException("lane " + lane + " has no target");
        }
        return target;
    }

    private LaneConfig laneNamed(String lane) {
        LaneConfig settings = configuration.lanes().get(lane);
        if (settings == null) {
            throw new IllegalArgumentException("no such lane: " + lane);
        }
        return settings;
    }
}
