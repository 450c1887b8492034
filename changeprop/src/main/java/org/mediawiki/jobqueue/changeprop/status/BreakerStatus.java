package org.mediawiki.jobqueue.changeprop.status;

import java.time.Instant;
import java.util.List;

/**
 * A breaker.
 *
 * @param phase {@code closed}, {@code half_open} or {@code open}
 * @param reason why it opened last; empty where it never did
 * @param since when this phase began
 * @param errors the last failures that it counted, oldest first
 */
public record BreakerStatus(String phase, String reason, Instant since, List<Failure> errors) {

    /** A failure that counted. */
    public record Failure(Instant at, int status, String message) {}

    public BreakerStatus {
        errors = List.copyOf(errors);
    }

    /** Whether it lets everything pass. */
    public boolean letsPass() {
        return phase.equals("closed");
    }

    /** The one that matters more: not closed before closed, then the younger. */
    static BreakerStatus worse(BreakerStatus one, BreakerStatus other) {
        if (one.letsPass() != other.letsPass()) {
            return one.letsPass() ? other : one;
        }
        return one.since().isBefore(other.since()) ? other : one;
    }
}
