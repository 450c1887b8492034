package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/**
 * Root events, each for several jobs in succession. A dispatcher may leave out the jobs of a root when a later one with
 * the same signature has been done. Here each root has a signature of its own and one time, that of its first job: none
 * supersedes another, and every job is owed. Used by one thread.
 */
final class Roots {

    /** As with the refreshLinks jobs among the real events of the tests (jobs-real.ndjson): 190 have 15 roots. */
    static final int JOBS_PER_ROOT = 12;

    private final Supplier<String> signatures;
    private final Clock clock;

    /** The first job replaces it. */
    private JobShape.RootEvent current = new JobShape.RootEvent("", Instant.EPOCH);

    private int left;

    /** {@code signatures} gives each text once. */
    Roots(Supplier<String> signatures, Clock clock) {
        this.signatures = signatures;
        this.clock = clock;
    }

    /** That of the next job. */
    JobShape.RootEvent next() {
        if (left == 0) {
            current = new JobShape.RootEvent(signatures.get(), clock.instant());
            left = JOBS_PER_ROOT;
        }
        left--;
        return current;
    }
}
