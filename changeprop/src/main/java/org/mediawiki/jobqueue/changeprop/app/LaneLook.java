package org.mediawiki.jobqueue.changeprop.app;

import java.util.Map;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;

/**
 * What the meters do not tell of a lane.
 *
 * @param target its breaker
 * @param types the breakers of the job types that were seen
 * @param running attempts under way
 */
record LaneLook(BreakerState target, Map<String, BreakerState> types, int running) {}
