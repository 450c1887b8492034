package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/**
 * What holds for one job type within its lane.
 *
 * @param pool the limits it shares, or has alone
 * @param timeout how long one attempt may take
 * @param breaker when sending stops because too much fails
 * @param paused nothing starts
 */
public record TypeSettings(PoolSettings pool, Duration timeout, BreakerSettings breaker, boolean paused) {

    /** With the default breaker. */
    public TypeSettings(PoolSettings pool, Duration timeout, boolean paused) {
        this(pool, timeout, BreakerSettings.DEFAULT, paused);
    }
}
