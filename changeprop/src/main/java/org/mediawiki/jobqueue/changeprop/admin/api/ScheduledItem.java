package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/**
 * A job that waits for a time, as one of a list.
 *
 * @param reason {@code delay}, {@code retry}, {@code hold} or {@code overflow}
 * @param failure why its last attempt failed; empty where none did
 */
record ScheduledItem(
        String id,
        Instant due,
        String reason,
        String type,
        String wiki,
        String jobId,
        String requestId,
        String failure) {

    /** What waits is a retry event; what cannot be read is listed all the same. */
    static ScheduledItem of(Waiting waiting) {
        return of(waiting, retry(waiting));
    }

    static ScheduledItem of(Waiting waiting, Optional<RetryEvent> retry) {
        Optional<JobEvent> event = retry.map(RetryEvent::job);
        return new ScheduledItem(
                waiting.id().text(),
                waiting.due(),
                waiting.reason().name().toLowerCase(Locale.ROOT),
                waiting.id().type(),
                event.map(JobEvent::wiki).orElse(""),
                event.map(JobEvent::id).orElse(""),
                event.map(JobEvent::requestId).orElse(""),
                failure(waiting.value(), retry));
    }

    static Optional<RetryEvent> retry(Waiting waiting) {
        return new EventDecoder().retry(waiting.value().getBytes()).match(Optional::of, why -> Optional.empty());
    }

    private static String failure(Buffer value, Optional<RetryEvent> retry) {
        JsonNode json = retry.filter(event -> !event.waited()).isPresent() ? Json.tree(value.getBytes()) : null;
        return json == null ? "" : json.path("reason").asText("");
    }
}
