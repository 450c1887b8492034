package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * One breaker: its phase, and what moves it on. Whether a closed one should open is for others to say, who know what
 * they count ({@link TypeRecord}, {@link TargetRecord}).
 *
 * <pre>
 *              open()
 *   closed ──────────────────────────────────▶ open ◀──────────────────────┐
 *     ▲                                         │ its time is over         │ too many probes failed, or
 *     │     probes went well, those who come    ▼                          │ gave no answer although they are quick
 *     └──── have a connection, or nobody ── half-open ─────────────────────┘
 *           waits any more                     │  ▲
 *                                              └──┘ nothing is known yet: more probes
 * </pre>
 *
 * <p>One that has just closed lets more and more through, by a {@link SlowStart}.
 */
final class Breaker {

    private final Time time;
    private final Waiting waiting;
    private final Listener listener;
    private final BreakerLog log;
    private final ProbeRound round;
    private final SlowStart slowStart;
    private BreakerSettings settings;
    private Phase phase = Phase.CLOSED;
    private long openedNanos;

    /** The last that is known is that there was no connection. */
    private boolean lacksConnection;

    /**
     * Counts the phases: a permission of an earlier one tells nothing any more. One that closes goes on with what its
     * probes tell.
     */
    private long era;

    private boolean disposed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** Is told when the phase has changed. */
    interface Listener {
        /** Nothing is sent from now on. */
        void opened();

        /** All is well again. */
        void closed();
    }

    /** @param what is protected, for the log */
    Breaker(String what, BreakerSettings settings, Time time, Waiting waiting, Listener listener) {
        this.settings = settings;
        this.time = time;
        this.waiting = waiting;
        this.listener = listener;
        this.log = new BreakerLog(what, time);
        this.round = new ProbeRound(time, this::roundEnded);
        this.slowStart = new SlowStart(time, waiting::lookAgain);
    }

    /**
     * Other settings from here on. The state stays: one that is open stays so for as long as it was to, and one that is
     * half-open sends its probes anew.
     */
    void reconfigure(BreakerSettings next) {
        settings = next;
        if (phase == Phase.HALF_OPEN) {
            becomeHalfOpen();
        }
    }

    boolean admits() {
        return phase == Phase.CLOSED ? slowStart.hasRoom() : phase == Phase.HALF_OPEN && round.hasRoom();
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Whether the last that is known is that there was no connection. */
    boolean lacksConnection() {
        return lacksConnection;
    }

    /**
     * A call passes; only when it {@linkplain #admits() admits}.
     *
     * @param patience how long it may be silent where it is a probe
     * @param quick whether an answer is to be expected within that time
     */
    Permission enter(Duration patience, boolean quick) {
        if (phase != Phase.CLOSED && !admits()) {
            throw new IllegalStateException("a call entered where none is admitted");
        }
        Permission permission = new Permission(this, era, phase == Phase.HALF_OPEN, quick);
        if (permission.isProbe()) {
            round.entered(permission, patience);
        } else {
            slowStart.entered();
        }
        return permission;
    }

    /** Opens now, unless it is open; half-open follows after {@code open_for}. */
    void open(TripReason reason, String lastFailure) {
        open(settings.openFor(), reason.trigger(), reason.inWords() + ", the last: " + lastFailure);
    }

    /**
     * Whether a call that ended as an outage ends calls did so in an outage that this breaker saw: it is not closed, or
     * it opened while the call was under way, which either is what made it open, or was sent within the window before.
     */
    boolean covers(long sentNanos, boolean countedAsSlow) {
        if (phase != Phase.CLOSED) {
            return true;
        }
        long sentBefore = openedNanos - sentNanos;
        boolean openedSince = era > 0 && sentBefore >= 0;
        return openedSince && (countedAsSlow || sentBefore <= settings.window().toNanos());
    }

    BreakerSettings settings() {
        return settings;
    }

    String reason() {
        return log.reason();
    }

    BreakerState state() {
        return log.state();
    }

    /** Stops the timers for good. */
    void dispose() {
        disposed = true;
        timer.cancel();
        round.dispose();
        slowStart.end();
    }

    /** Whether a permission of that era still says something. */
    boolean isPresent(long ofEra) {
        return ofEra == era;
    }

    void succeeded(Permission call) {
        if (phase == Phase.CLOSED) {
            slowStart.left();
            return;
        }
        round.wentWell(call);
        if (round.isWon()) {
            becomeClosed();
        } else {
            waiting.lookAgain();
        }
    }

    void failed(Permission call, Told why) {
        log.failed(why);
        if (phase == Phase.CLOSED) {
            slowStart.failed();
            slowStart.left();
            return;
        }
        round.failed(call, why);
        if (round.isLost()) {
            open(settings.openFor(), Trigger.PROBES, why.message());
        } else if (round.isWon()) {
            becomeClosed();
        }
    }

    void failedAtOnce(Told why, Duration rest) {
        log.failed(why);
        open(rest, phase == Phase.CLOSED ? Trigger.NO_CONNECTION : Trigger.PROBES, why.message());
        lacksConnection = true;
    }

    void toldNothing(Permission call) {
        if (phase == Phase.CLOSED) {
            slowStart.left();
        } else {
            round.toldNothing(call);
            waiting.lookAgain();
        }
    }

    /**
     * The probes have had their time. What went well is proof enough where nothing failed, be it less than was asked
     * for: a slow start follows, and this breaker goes on counting.
     *
     * <p>Where nothing is known, silence of quick types is what a target that hangs looks like. Others may simply be at
     * work, for hours. Where the question was whether there is a connection, they have theirs by now. Else nobody can
     * tell, so it neither closes nor keeps the rest waiting for them: a few more are sent with each round. A target that
     * hangs gets no more than these, and the late answers of all rounds count. Where nobody waits, nobody is held, and
     * whoever comes next finds out.
     */
    private void roundEnded() {
        switch (round.outcome()) {
            case FAILED -> open(settings.openFor(), Trigger.PROBES, round.lastFailure());
            case WELL -> becomeClosed();
            case SILENT -> open(settings.openFor(), Trigger.PROBES, round.silence());
            case AT_WORK -> {
                if (lacksConnection) {
                    becomeClosed();
                } else {
                    log.stillNotWell(round.silence());
                    anotherRound();
                }
            }
            case UNUSED -> {
                if (waiting.isAnybodyThere()) {
                    anotherRound();
                } else {
                    becomeClosed();
                }
            }
        }
    }

    private void anotherRound() {
        round.another();
        waiting.lookAgain();
    }

    private void open(Duration rest, Trigger trigger, String why) {
        if (phase == Phase.OPEN) {
            return;
        }
        become(Phase.OPEN);
        era++;
        lacksConnection = false;
        log.opened(trigger, why);
        openedNanos = time.nanos();
        if (!disposed) {
            timer = time.after(rest, this::becomeHalfOpen);
        }
        listener.opened();
    }

    private void becomeHalfOpen() {
        become(Phase.HALF_OPEN);
        era++;
        log.probing();
        round.begin(settings);
        waiting.lookAgain();
    }

    private void becomeClosed() {
        int stillOut = round.out();
        become(Phase.CLOSED);
        lacksConnection = false;
        log.closed();
        if (!disposed) {
            slowStart.begin(settings.probes(), stillOut);
        }
        listener.closed();
        waiting.lookAgain();
    }

    private void become(Phase next) {
        timer.cancel();
        round.end();
        slowStart.end();
        phase = next;
    }
}
