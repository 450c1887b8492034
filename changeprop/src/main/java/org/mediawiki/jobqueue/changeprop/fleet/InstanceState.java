package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an instance does, for those who cannot ask it.
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
     * @param delayed jobs that wait in memory for a time that is near
     * @param types every job type of which partitions are owned, or jobs were seen
     */
    public record LaneState(String name, String targetBreaker, int heldWikis, int delayed, List<TypeState> types) {

        public LaneState {
            types = List.copyOf(types);
        }
    }

    /**
     * A job type in a lane.
     *
     * @param running attempts under way
     * @param waiting jobs in memory that could start but for the limits, breakers and holds
     * @param lag records of the partitions that it owns that are in Kafka and not polled yet
     * @param held nothing starts, for the runner asked for patience
     * @param breaker {@code closed}, {@code half_open} or {@code open}
     * @param oldestAttempt how long the oldest attempt has been under way, in whole seconds; zero where none is
     */
    public record TypeState(
            String type, int running, int waiting, long lag, boolean held, String breaker, Duration oldestAttempt) {}
}
