package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an instance owns and does.
 *
 * @param at when, by its clock
 */
public record InstanceState(Instant at, List<LaneState> lanes) {

    public InstanceState {
        lanes = List.copyOf(lanes);
    }

    /** Whether {@code other} says the same of another moment. */
    boolean isAs(InstanceState other) {
        return lanes.equals(other.lanes);
    }

    /**
     * A lane.
     *
     * @param targetBreaker {@code closed}, {@code half_open} or {@code open}
     * @param heldWikis read-only wikis, of which nothing starts
     * @param waitingForTime jobs that wait in memory for a time that is near
     * @param handedOver jobs that run here still of partitions that belong to others by now
     * @param types every job type of which partitions are owned, or jobs were seen
     */
    public record LaneState(
            String name,
            String targetBreaker,
            int heldWikis,
            int waitingForTime,
            int handedOver,
            List<TypeState> types) {

        public LaneState {
            types = List.copyOf(types);
        }
    }

    /**
     * A job type in a lane.
     *
     * @param pool the limit that it shares with others, or has alone
     * @param partitions how many partitions of its topics are owned
     * @param lag records of those that are in Kafka and not polled yet
     * @param work what its jobs do
     */
    public record TypeState(String type, String pool, int limit, int partitions, long lag, Work work) {}

    /**
     * What the jobs of a type do.
     *
     * @param running attempts under way here
     * @param elsewhere slots taken by jobs that run on another instance, which had the partition before
     * @param waiting jobs in memory that could start but for the limits, breakers and holds
     * @param paused nothing starts, for an operator has said so
     * @param held nothing starts, for the runner asked for patience
     * @param breaker {@code closed}, {@code half_open} or {@code open}
     * @param oldestAttempt how long the oldest attempt has been under way, in whole seconds; zero where none is
     * @param verdicts attempts judged since the start, by the verdict's name in lower case; rates are differences of two
     *     states
     */
    public record Work(
            int running,
            int elsewhere,
            int waiting,
            boolean paused,
            boolean held,
            String breaker,
            Duration oldestAttempt,
            Map<String, Long> verdicts) {

        public Work {
            verdicts = Map.copyOf(verdicts);
        }
    }
}
