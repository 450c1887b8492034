package org.mediawiki.jobqueue.changeprop.audit;

import java.time.Instant;

/**
 * A change, or the attempt at one.
 *
 * @param id sorts by time
 * @param by who asked, as they call themselves
 * @param address where they asked from
 * @param instance which instance they asked
 * @param action what they asked for, such as {@code dead.replay}
 * @param subject of what, such as a job type or {@code 12 dead jobs}
 * @param detail the rest, in a line; may be empty
 * @param reason why, in their words; may be empty
 * @param outcome what came of it; empty while it is not known, and for ever where the instance died over it
 */
public record AuditRecord(
        String id,
        Instant at,
        String by,
        String address,
        String instance,
        String action,
        String subject,
        String detail,
        String reason,
        String outcome) {

    /** For the log. */
    String line() {
        return action + " of " + subject
                + (detail.isEmpty() ? "" : ", " + detail)
                + (reason.isEmpty() ? "" : ", because: " + reason)
                + ": " + outcome;
    }

    AuditRecord withOutcome(String what) {
        return new AuditRecord(id, at, by, address, instance, action, subject, detail, reason, what);
    }
}
