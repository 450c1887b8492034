package org.mediawiki.jobqueue.changeprop.status;

import org.jspecify.annotations.Nullable;

/**
 * A lane of one instance, or of all that run it.
 *
 * @param target the target's name
 * @param uri where its jobs are posted
 * @param concurrency the most that run at once; null: no such limit
 * @param paused nothing of the lane starts: an operator or the configuration says so
 * @param running attempts under way
 * @param heldWikis wikis that are read-only
 * @param delayed jobs in memory whose time comes within seconds
 * @param breaker the target's
 * @param unready why it does not work; empty where it does
 */
public record LaneStatus(
        String lane,
        String target,
        String uri,
        @Nullable Integer concurrency,
        boolean paused,
        long running,
        long heldWikis,
        long delayed,
        BreakerStatus breaker,
        String unready) {

    LaneStatus and(LaneStatus other) {
        return new LaneStatus(
                lane,
                target,
                uri,
                concurrency,
                paused || other.paused,
                running + other.running,
                heldWikis + other.heldWikis,
                delayed + other.delayed,
                BreakerStatus.worse(breaker, other.breaker),
                unready.isEmpty() ? other.unready : unready);
    }
}
