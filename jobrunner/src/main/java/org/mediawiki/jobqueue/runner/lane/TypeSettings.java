package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;

/**
 * What holds for one job type within its lane.
 *
 * @param pool the limits it shares, or has alone
 * @param timeout how long one attempt may take
 * @param paused nothing starts
 */
public record TypeSettings(PoolSettings pool, Duration timeout, boolean paused) {}
