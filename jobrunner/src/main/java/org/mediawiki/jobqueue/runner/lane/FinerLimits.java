package org.mediawiki.jobqueue.runner.lane;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a pool keeps beside its concurrency, for all of its job types together.
 *
 * @param perSection the most of its jobs that run at once on one database section; 1 or more
 * @param perWiki the most of its jobs that run at once on one wiki; 1 or more
 * @param rate the most of its jobs that start in a second, smoothly; above 0
 */
public record FinerLimits(OptionalInt perSection, OptionalInt perWiki, OptionalDouble rate) {

    /** Nothing but the concurrency counts. */
    public static final FinerLimits NONE =
            new FinerLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.empty());
}
