package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.LogFields;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hold on a wiki or a job type, which the runner asked for. When its time is over, one job probes; its verdict opens the gate
 * or closes it again. {@link #PROBE_PATIENCE} without a verdict opens it, too; and so it does when nobody waits for
 * it, or only who is paused: whoever comes next finds out.
 *
 * <pre>
 *   open ──close──▶ closed ──time is over──▶ half-open ──a job enters──▶ probing ──probe passed──▶ open
 *                   ▲ ▲ ▲        │           │  ▲                        │  │            ▲
 *                   │ │ │        └───────────┴──┼─────nobody waits───────┼──┼────────────┘
 *                   │ │ └───────close────────┘  └───probe told nothing───┘  │
 *                   │ └─────────────────────────close───────────────────────┘
 *                   └─ a longer close
 * </pre>
 *
 * <p>A probe that is held closes the gate, and so does a job that had started before.
 */
final class Gate {

    private enum State {
        /** Everybody passes. */
        OPEN,
        /** Nobody passes. */
        CLOSED,
        /** One may pass. */
        HALF_OPEN,
        /** One has passed and has not told yet; nobody else passes. */
        PROBING
    }

    /**
     * What is refused is refused soon; a probe that is under way for so long is at work, be it for hours, and nobody
     * should wait for its end. As long as a connection may take to be made, by default.
     */
    static final Duration PROBE_PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final String kind;
    private final String name;
    private final Time time;
    private final Waiting waiting;
    private State state = State.OPEN;
    private @Nullable Probe out;
    private long untilNanos;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /**
     * @param kind of what is stopped here, {@code wiki} or {@code type}
     * @param name its name, for the log
     * @param waiting whoever waits of that kind and name
     */
    Gate(String kind, String name, Time time, Waiting waiting) {
        this.kind = kind;
        this.name = name;
        this.time = time;
        this.waiting = waiting;
    }

    boolean admits() {
        return state == State.OPEN || state == State.HALF_OPEN;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** How long nobody passes, if nothing happens before; zero where somebody does. */
    Duration rest() {
        return admits() ? Duration.ZERO : Duration.ofNanos(Math.max(0, untilNanos - time.nanos()));
    }

    /**
     * A job passes.
     *
     * @return its verdict must be told to the probe that it is; null where it is none
     */
    @Nullable
    Probe enter() {
        if (state != State.HALF_OPEN) {
            return null;
        }
        Probe probe = new Probe();
        state = State.PROBING;
        out = probe;
        untilNanos = time.nanos() + PROBE_PATIENCE.toNanos();
        timer.cancel();
        timer = time.after(PROBE_PATIENCE, probe::passed);
        return probe;
    }

    /** Closes for {@code hold}; a longer hold that is in force stays. */
    void close(Duration hold, String reason) {
        if (state == State.OPEN) {
            fields("held").around(() -> LOG.warn("Jobs of {} wait, at first for {}: {}", what(), hold, reason));
        }
        long until = time.nanos() + hold.toNanos();
        if (state == State.CLOSED && until - untilNanos <= 0) {
            return;
        }
        timer.cancel();
        state = State.CLOSED;
        out = null;
        untilNanos = until;
        timer = time.after(hold, this::timeIsOver);
    }

    /** Stops the timer for good. */
    void dispose() {
        timer.cancel();
    }

    private String what() {
        return kind + " " + name;
    }

    private LogFields fields(String action) {
        return LogFields.of(action).with("jobqueue." + kind, name);
    }

    /** Looks again later where somebody waits who cannot probe now, for want of a slot: he may leave without. */
    private void timeIsOver() {
        if (waiting.isAnybodyThere()) {
            becomeHalfOpen();
        } else {
            becomeOpen();
        }
    }

    private void becomeHalfOpen() {
        become(State.HALF_OPEN);
        timer = time.after(PROBE_PATIENCE, this::timeIsOver);
        waiting.lookAgain();
    }

    private void becomeOpen() {
        fields("hold_over").around(() -> LOG.info("Jobs of {} go on", what()));
        become(State.OPEN);
        waiting.lookAgain();
    }

    private void become(State next) {
        timer.cancel();
        state = next;
        out = null;
    }

    /** The job that probes. Where the gate was closed anew while it was out, by a job from before, it tells nothing. */
    final class Probe {

        private Probe() {}

        /** It came through, so everybody may. */
        void passed() {
            if (out == this) {
                becomeOpen();
            }
        }

        /** It ended without telling anything about this gate: the next one probes. */
        void toldNothing() {
            if (out == this) {
                becomeHalfOpen();
            }
        }
    }
}
