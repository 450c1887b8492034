package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;

/** When a job is a duplicate: the legacy service's rules, in its order. Pure. */
final class DuplicateRules {

    /**
     * Events are dated to the second, and clocks differ: what was created less than this before a run started, that run
     * may not have seen.
     */
    static final Duration SLACK = Duration.ofSeconds(1);

    private DuplicateRules() {}

    static Optional<DuplicateOf> judge(JobEvent job, Remembered past) {
        if (past.isDone()) {
            return Optional.of(DuplicateOf.ID);
        }
        // No date that can be read is so early that this could overflow.
        Optional<Instant> covered = past.startedAt().map(started -> started.minus(SLACK));
        if (covered.isPresent() && job.createdAt().isBefore(covered.get())) {
            return Optional.of(DuplicateOf.SHA1);
        }
        if (covered.isPresent() && hasRootBefore(job, covered.get())) {
            return Optional.of(DuplicateOf.ROOT_OF_SHA1);
        }
        if (past.rootAt().isPresent() && hasRootBefore(job, past.rootAt().get())) {
            return Optional.of(DuplicateOf.ROOT);
        }
        return Optional.empty();
    }

    private static boolean hasRootBefore(JobEvent job, Instant at) {
        return job.root().map(root -> root.at().isBefore(at)).orElse(false);
    }
}
