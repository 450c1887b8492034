package org.mediawiki.jobqueue.runner;

import java.util.function.Function;

/**
 * What came of sending a job once, before anybody judges it.
 *
 * <pre>
 *   send ──▶ no connection ─────────────────▶ NotSent   the runner never saw the job
 *        └─▶ request written ──▶ not taken ─▶ NotSent   nor here: so the server says
 *                            ├─▶ answer ────▶ Answered
 *                            ├─▶ cut ───────▶ Lost      the job may have run
 *                            └─▶ too late ──▶ TimedOut  the job may still be running
 * </pre>
 */
public sealed interface Attempt {

    /** The runner answered in full. */
    record Answered(Answer answer) implements Attempt {
        @Override
        public <R> R match(
                Function<Answered, R> answered,
                Function<NotSent, R> notSent,
                Function<Lost, R> lost,
                Function<TimedOut, R> timedOut) {
            return answered.apply(this);
        }
    }

    /**
     * Refused, TLS failure, name not found, connect timeout: the request never left. Or it did, and the server has
     * proved that it did not look at it.
     *
     * @param reason one line for people
     * @param connected whether there was a connection: the server is there, and may take the next request
     */
    record NotSent(String reason, boolean connected) implements Attempt {

        /** There was no connection. */
        public NotSent(String reason) {
            this(reason, false);
        }

        @Override
        public <R> R match(
                Function<Answered, R> answered,
                Function<NotSent, R> notSent,
                Function<Lost, R> lost,
                Function<TimedOut, R> timedOut) {
            return notSent.apply(this);
        }
    }

    /** The connection was lost after the request left. */
    record Lost(String reason) implements Attempt {
        @Override
        public <R> R match(
                Function<Answered, R> answered,
                Function<NotSent, R> notSent,
                Function<Lost, R> lost,
                Function<TimedOut, R> timedOut) {
            return lost.apply(this);
        }
    }

    /** The timeout passed before the answer was complete. */
    record TimedOut(String reason) implements Attempt {
        @Override
        public <R> R match(
                Function<Answered, R> answered,
                Function<NotSent, R> notSent,
                Function<Lost, R> lost,
                Function<TimedOut, R> timedOut) {
            return timedOut.apply(this);
        }
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(
            Function<Answered, R> answered,
            Function<NotSent, R> notSent,
            Function<Lost, R> lost,
            Function<TimedOut, R> timedOut);
}
