package org.mediawiki.jobqueue.runner.lane;

import java.util.OptionalInt;
import java.util.function.Function;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/**
 * What holds for a lane.
 *
 * @param name the lane's name, e.g. {@code main}
 * @param concurrency the most jobs of the lane that run at once, whatever their types allow; empty: no such limit
 * @param mostBlocked what is kept of those that cannot start soon
 * @param breaker when sending to the target stops because too much fails
 * @param types the settings of a job type, known or not; asked once for each type that arrives
 * @param paused nothing starts
 */
public record LaneSettings(
        String name,
        OptionalInt concurrency,
        MostBlocked mostBlocked,
        BreakerSettings breaker,
        Function<String, TypeSettings> types,
        boolean paused) {

    /** Not paused. */
    public LaneSettings(
            String name,
            OptionalInt concurrency,
            MostBlocked mostBlocked,
            BreakerSettings breaker,
            Function<String, TypeSettings> types) {
        this(name, concurrency, mostBlocked, breaker, types, false);
    }

    /** With the default breaker, and so many that are blocked, whatever their size. */
    public LaneSettings(String name, OptionalInt concurrency, int mostBlocked, Function<String, TypeSettings> types) {
        this(name, concurrency, new MostBlocked(mostBlocked), BreakerSettings.DEFAULT, types);
    }

    /** With {@link MostBlocked#DEFAULT_PLACES} and the default breaker. */
    public LaneSettings(String name, OptionalInt concurrency, Function<String, TypeSettings> types) {
        this(name, concurrency, MostBlocked.DEFAULT_PLACES, types);
    }
}
