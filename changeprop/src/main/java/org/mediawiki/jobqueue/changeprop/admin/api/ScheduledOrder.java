package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.Locale;

/**
 * What an operator wants done about jobs that wait for a time.
 *
 * @param dryRun only count
 * @param reason why, in their words; may be empty
 */
record ScheduledOrder(Kind kind, boolean dryRun, String reason) {

    /** What is to be done. */
    enum Kind {
        RUN,
        DROP
    }

    /** For the audit. */
    String action() {
        return "scheduled." + kind.name().toLowerCase(Locale.ROOT);
    }
}
