package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.Optional;

/**
 * A job that has begun and not ended, as others need to know it.
 *
 * @param type the job type; names the limits that it counts against
 * @param wiki the event's {@code database}
 * @param section the database section of the wiki
 * @param id {@code meta.id}; empty where the event has none
 * @param startedAt when its attempt began, by the clock of whoever runs it; empty where the attempt is over and its retry
 *     or error event is being written, so that no slot is taken any more
 */
public record JobAtWork(String type, String wiki, String section, String id, Optional<Instant> startedAt) {

    /** A job of which nothing else is known, or needs to be; takes no slot. Empty where {@code id} is. */
    public static Optional<JobAtWork> named(String id) {
        return id.isEmpty() ? Optional.empty() : Optional.of(new JobAtWork("", "", "", id, Optional.empty()));
    }
}
