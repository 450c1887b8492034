package org.mediawiki.jobqueue.changeprop.metrics;

import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

/** Uses of limits, for tests. */
final class TypeStates {

    private TypeStates() {}

    /** In a pool of 15 slots. */
    static TypeUsage usage(String pool, int running, int waiting) {
        return new TypeUsage(running, 0, waiting, new PoolSettings(pool, 15, 1, 0), false);
    }
}
