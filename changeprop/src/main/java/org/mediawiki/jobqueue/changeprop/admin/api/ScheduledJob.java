package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/**
 * A job that waits for a time, in full.
 *
 * @param topic where it goes when it is due
 * @param event the job as JSON; null where it cannot be read
 */
record ScheduledJob(
        ScheduledItem job, String topic, @Nullable JsonNode event) {

    static ScheduledJob of(Waiting waiting) {
        Optional<RetryEvent> retry = ScheduledItem.retry(waiting);
        return new ScheduledJob(
                ScheduledItem.of(waiting, retry),
                waiting.topic(),
                retry.map(event -> Json.tree(event.jobBytes().getBytes())).orElse(null));
    }
}
