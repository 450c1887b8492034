package org.mediawiki.jobqueue.runner.breaker;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A breaker as operators see it.
 *
 * @param phase whether jobs are sent
 * @param reason why it opened last, in one line; empty where it never did
 * @param since when this phase began
 * @param lastErrors the last failures that it counted, oldest first, at most {@link #MAX_ERRORS}; they stay when it
 *     closes
 * @param openings how often it opened, by what opened it
 * @param failures how many failures it counted
 */
public record BreakerState(
        Phase phase,
        String reason,
        Instant since,
        List<CallError> lastErrors,
        Map<Trigger, Long> openings,
        Map<FailureKind, Long> failures) {

    /** How many failures are remembered. */
    public static final int MAX_ERRORS = 10;

    public BreakerState {
        lastErrors = List.copyOf(lastErrors);
        openings = Map.copyOf(openings);
        failures = Map.copyOf(failures);
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

    /** What opened a breaker. */
    public enum Trigger {
        /** There was no connection. */
        NO_CONNECTION,
        /** Too many calls failed one after the other. */
        ROW,
        /** Too large a part of the calls in the window failed. */
        RATE,
        /** It was half-open, and its probes failed or were silent. */
        PROBES
    }

    /** Failures by their status, in as few kinds as people tell apart. */
    public enum FailureKind {
        /** 500. */
        INTERNAL_ERROR,
        /** 502, no connection, a connection that was lost. */
        BAD_GATEWAY,
        /** 503. */
        UNAVAILABLE,
        /** 504, a timeout, no answer for far longer than usual. */
        TIMEOUT,
        /** Any other, PHP fatals with a 200 among them. */
        OTHER;

        static FailureKind of(int status) {
            return switch (status) {
                case 500 -> INTERNAL_ERROR;
                case 502 -> BAD_GATEWAY;
                case 503 -> UNAVAILABLE;
                case 504 -> TIMEOUT;
                default -> OTHER;
            };
        }
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
