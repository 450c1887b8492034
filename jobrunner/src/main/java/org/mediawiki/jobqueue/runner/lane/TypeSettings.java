package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/**
 * What holds for one job type within its lane.
 *
 * @param pool the limit it shares, or has alone
 * @param perSection the most of its jobs that run at once on one database section; 1 or more
 * @param perWiki the most of its jobs that run at once on one wiki; 1 or more
 * @param rate the most of its jobs that start in a second, smoothly; above 0
 * @param timeout how long one attempt may take
 * @param breaker when sending stops because too much fails
 * @param paused nothing starts
 */
public record TypeSettings(
        PoolSettings pool,
        OptionalInt perSection,
        OptionalInt perWiki,
        OptionalDouble rate,
        Duration timeout,
        BreakerSettings breaker,
        boolean paused) {

    /** With the default breaker. */
    public TypeSettings(
            PoolSettings pool,
            OptionalInt perSection,
            OptionalInt perWiki,
            OptionalDouble rate,
            Duration timeout,
            boolean paused) {
        this(pool, perSection, perWiki, rate, timeout, BreakerSettings.DEFAULT, paused);
    }
}
