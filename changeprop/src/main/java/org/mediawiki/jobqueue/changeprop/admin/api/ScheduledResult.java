package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order about jobs that wait for a time.
 *
 * @param matched those that were meant
 * @param done those that wait and were ordered, which happens within a second; in a dry run, that would be
 * @param unable ids of jobs that do not wait, or not any more
 * @param troubles what could not be looked at, so that it was not ordered
 * @param next where to go on; null at the end
 */
record ScheduledResult(
        boolean dryRun,
        long matched,
        long done,
        long unable,
        List<String> troubles,
        @Nullable String next) {

    /** For the audit. */
    String summary() {
        return done + " of " + matched + " ordered, " + unable + " do not wait"
                + (troubles.isEmpty() ? "" : "; missing: " + String.join("; ", troubles))
                + (next == null ? "" : "; goes on");
    }
}
