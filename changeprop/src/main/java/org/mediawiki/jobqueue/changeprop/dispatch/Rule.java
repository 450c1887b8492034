package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.util.Optional;

/**
 * What the queue does with the jobs of one type; how they run is the lane's concern.
 *
 * @param name the job type where it has an entry of its own, else {@code low_traffic_jobs}
 * @param retry what follows a failure
 * @param abandonAfter jobs older than this are not run any more
 * @param abandonRootAfter jobs whose root event is older than this are not run any more
 * @param longestDelay a {@code delay_until} farther ahead is taken for a mistake
 * @param deduplicated whether duplicates are skipped
 */
public record Rule(
        String name,
        RetryPolicy retry,
        Optional<Duration> abandonAfter,
        Optional<Duration> abandonRootAfter,
        Duration longestDelay,
        boolean deduplicated) {}
