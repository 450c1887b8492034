package org.mediawiki.jobqueue.changeprop.admin.api;

import java.time.Instant;
import java.util.Locale;
import org.mediawiki.jobqueue.changeprop.dead.DeadJob;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobState;

/**
 * A dead job as one of a list.
 *
 * @param type empty where the record holds no job
 * @param status of the last attempt
 * @param bytes of its record
 * @param state {@code dead}, {@code claimed}, {@code replayed} or {@code dropped}
 */
record DeadItem(
        String id,
        Instant at,
        String type,
        String wiki,
        String jobId,
        String requestId,
        int status,
        String message,
        int bytes,
        String state) {

    static DeadItem of(DeadJob job, DeadJobState state) {
        return new DeadItem(
                job.id().text(),
                job.at(),
                job.type(),
                job.wiki(),
                job.jobId(),
                job.requestId(),
                job.status(),
                job.message(),
                job.bytes(),
                state.name().toLowerCase(Locale.ROOT));
    }
}
