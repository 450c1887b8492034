package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.runner.lane.FinerLimits;
import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** Uses of limits, for tests. */
final class TypeStates {

    private TypeStates() {}

    /** In a pool of 15 slots. */
    static TypeUsage usage(String pool, int running, int waiting) {
        return new TypeUsage(running, 0, waiting, new PoolSettings(pool, 15, 1, 0), false);
    }

    /** In a pool of which at most {@code rate} jobs start a second. */
    static TypeUsage paced(String pool, double rate) {
        FinerLimits finer = new FinerLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.of(rate));
        return new TypeUsage(0, 0, 1, new PoolSettings(pool, 15, 1, 0, finer), false);
    }
}
