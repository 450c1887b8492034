package org.mediawiki.jobqueue.runner.lane;

import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What holds for a lane.
 *
 * @param name the lane's name, e.g. {@code main}
 * @param concurrency the most jobs of the lane that run at once, whatever their types allow; empty: no such limit
 * @param types the settings of a job type, known or not; asked once for each type that arrives
 */
public record LaneSettings(String name, OptionalInt concurrency, Function<String, TypeSettings> types) {}
