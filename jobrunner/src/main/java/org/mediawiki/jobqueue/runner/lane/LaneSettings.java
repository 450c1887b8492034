package org.mediawiki.jobqueue.runner.lane;

import java.util.OptionalInt;
import java.util.function.Function;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/**
 * What holds for a lane.
 *
 * @param name the lane's name, e.g. {@code main}
 * @param concurrency the most jobs of the lane that run at once, whatever their types allow; empty: no such limit
 * @param mostBlocked the most tasks of one type that are kept while their wiki is held or their wiki or section is
 *     full; further ones are turned away. With it, the type's jobs that could start must still find their way into
 *     the lane; 1 or more
 * @param breaker when sending to the target stops because too much fails
 * @param types the settings of a job type, known or not; asked once for each type that arrives
 */
public record LaneSettings(
        String name,
        OptionalInt concurrency,
        int mostBlocked,
        BreakerSettings breaker,
        Function<String, TypeSettings> types) {

    /** A quarter of the records of a partition that are open at once where no limit is large. */
    public static final int DEFAULT_MOST_BLOCKED = 250;

    public LaneSettings {
        if (mostBlocked < 1) {
            throw new IllegalArgumentException("mostBlocked must be 1 or more, not " + mostBlocked);
        }
    }

    /** With the default breaker. */
    public LaneSettings(String name, OptionalInt concurrency, int mostBlocked, Function<String, TypeSettings> types) {
        this(name, concurrency, mostBlocked, BreakerSettings.DEFAULT, types);
    }

    /** With {@link #DEFAULT_MOST_BLOCKED} and the default breaker. */
    public LaneSettings(String name, OptionalInt concurrency, Function<String, TypeSettings> types) {
        this(name, concurrency, DEFAULT_MOST_BLOCKED, types);
    }
}
