package org.mediawiki.jobqueue.changeprop.config;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** The key in {@code sections} for every wiki that has none of its own. */
    private static final String EVERY_OTHER_WIKI = "default";

    /** The section of the wikis that {@code sections} says nothing of, not even under that key. */
    private static final String NAMELESS_SECTION = "default";

    /**
     * The job types of a lane: where it has the low-traffic pool, all that no other lane names and none excludes; else
     * those that it names.
     *
     * @throws IllegalArgumentException where there is no such lane
     */
    public LaneTypes typesOf(String lane) {
        LaneConfig settings = lane(lane);
        if (settings.lowTraffic() == null) {
            return new LaneTypes.Only(settings.jobs().keySet());
        }
        Set<String> others = new LinkedHashSet<>();
        configuration.lanes().forEach((name, other) -> {
            others.addAll(other.exclude());
            if (!name.equals(lane)) {
                others.addAll(other.jobs().keySet());
            }
        });
        return new LaneTypes.AllBut(others);
    }

    /** The lane that runs a job type; empty where none does. */
    public Optional<String> laneOf(String type) {
        return configuration.lanes().keySet().stream()
                .filter(lane -> typesOf(lane).match(types -> types.contains(type), others -> !others.contains(type)))
                .findFirst();
    }

    /**
     * What is in force for a job type in a lane.
     *
     * @throws IllegalArgumentException where there is no such lane, or it does not run this type
     */
    public JobTypePolicy policyFor(String lane, String type) {
        LaneConfig settings = lane(lane);
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

    /**
     * The most jobs of a lane that run at once, in the whole fleet: by the limits of its job types together, or by its own.
     *
     * @throws IllegalArgumentException where there is no such lane
     */
    public int mostRunning(String lane) {
        LaneConfig settings = lane(lane);
        int sum = settings.lowTraffic() == null ? 0 : settings.lowTraffic().concurrency();
        for (JobTypeConfig type : settings.jobs().values()) {
            sum += type.concurrency();
        }
        return settings.concurrency() == null ? sum : Math.min(sum, settings.concurrency());
    }

    /** The database section that a wiki lives on. */
    public String sectionOf(String wiki) {
        Map<String, String> sections = configuration.sections();
        String section = sections.get(wiki);
        return section != null ? section : sections.getOrDefault(EVERY_OTHER_WIKI, NAMELESS_SECTION);
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
        TargetConfig target = configuration.targets().get(lane(lane).target());
        if (target == null) {
            throw new IllegalArgumentException("lane " + lane + " has no target");
        }
        return target;
    }

    /**
     * The settings of a lane.
     *
     * @throws IllegalArgumentException where there is no such lane
     */
    public LaneConfig lane(String lane) {
        LaneConfig settings = configuration.lanes().get(lane);
        if (settings == null) {
            throw new IllegalArgumentException("no such lane: " + lane);
        }
        return settings;
    }
}
