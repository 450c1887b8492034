package org.mediawiki.jobqueue.runner.breaker;

import java.time.Instant;
import java.util.List;

/**
 * A breaker as operators see it.
 *
 * @param phase whether jobs are sent
 * @param reason why it opened last, in one line; empty where it never did
 * @param since when this phase began
 * @param lastErrors the last failures that it counted, oldest first, at most {@link #MAX_ERRORS}; they stay when it
 *     closes
 */
public record BreakerState(Phase phase, String reason, Instant since, List<CallError> lastErrors) {

    /** How many failures are remembered. */
    public static final int MAX_ERRORS = 10;

    public BreakerState {
        lastErrors = List.copyOf(lastErrors);
    }

    /** Whether jobs are sent. */
    public enum Phase {
        /** They are. */
        CLOSED,
        /** None is; they wait. */
        OPEN,
        /** A few are, as probes. */
        HALF_OPEN
    }

    /**
     * A failure that counted.
     *
     * @param at when
     * @param status the HTTP status, or the one that a proxy would have given: 502 where there was no connection or it
     *     was lost, 504 where the answer was late
     * @param message one line for people
     */
    public record CallError(Instant at, int status, String message) {}
}
