package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/**
 * What is remembered of a job that is done.
 *
 * @param startedAt to the millisecond, as it is written
 * @param rootAt when the root event happened, but not later than {@code startedAt}: one that is dated years ahead by
 *     mistake would make every other job of its chain a duplicate
 */
record Completed(DedupeKeys keys, Instant startedAt, Optional<Instant> rootAt) {

    static Completed of(JobEvent job, DedupeKeys keys, Instant startedAt) {
        Instant started = startedAt.truncatedTo(ChronoUnit.MILLIS);
        return new Completed(keys, started, job.root().map(root -> root.at().isAfter(started) ? started : root.at()));
    }
}
