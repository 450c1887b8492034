package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.Outcome;

/**
 * What came of an order about dead jobs; the counts are those of {@link Outcome}.
 *
 * @param scanned records that were looked at
 * @param next where to go on; null at the end
 */
record DeadResult(
        boolean dryRun,
        long scanned,
        long matched,
        long done,
        long taken,
        long unable,
        long pending,
        List<String> ids,
        @Nullable String next) {

    static DeadResult of(boolean dryRun, long scanned, Outcome outcome, @Nullable String next) {
        return new DeadResult(
                dryRun,
                scanned,
                outcome.matched(),
                outcome.done(),
                outcome.taken(),
                outcome.unable(),
                outcome.pending(),
                outcome.ids(),
                next);
    }

    /** For the audit. */
    String summary() {
        return done + " of " + matched + " done, " + taken + " taken before, " + unable + " unable, " + pending
                + " pending" + (next == null ? "" : "; goes on");
    }
}
