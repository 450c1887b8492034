package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Instant;

/**
 * What a list of dead jobs shows of one. Texts are empty where the record does not say: it need not hold a job at all.
 *
 * @param at when it was given up
 * @param type the job type
 * @param wiki the event's {@code database}
 * @param jobId the event's {@code meta.id}
 * @param requestId the event's {@code meta.request_id}
 * @param stream the event's {@code meta.stream}, which says where it is replayed
 * @param status the HTTP status of the last attempt, or what stood in its place
 * @param message why, in a line, cut after {@link #MAX_MESSAGE_CHARS}
 * @param bytes of the error record
 */
public record DeadJob(
        DeadJobId id,
        Instant at,
        String type,
        String wiki,
        String jobId,
        String requestId,
        String stream,
        int status,
        String message,
        int bytes) {

    /** What an index keeps of a message. */
    public static final int MAX_MESSAGE_CHARS = 300;

    public DeadJob {
        message = message.length() > MAX_MESSAGE_CHARS ? message.substring(0, MAX_MESSAGE_CHARS) : message;
    }

    /** Whether the record holds a job, which could run again. */
    public boolean isJob() {
        return !type.isEmpty();
    }
}
