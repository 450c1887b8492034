package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * One breaker: resilience4j's, moved by our timers.
 *
 * <pre>
 *              too much fails, or open()
 *   closed ──────────────────────────────────▶ open ◀──────────────────────┐
 *     ▲                                         │ its time is over         │ too many probes failed,
 *     │          enough probes went well        ▼                          │ or gave no answer for too long
 *     └───────────────────────────────────── half-open ────────────────────┘
 * </pre>
 *
 * <p>One that has just closed lets more and more through, by a {@link SlowStart}.
 */
final class Breaker {

    private final Time time;
    private final Listener listener;
    private final Chronicle chronicle;
    private final ProbeRound round;
    private final SlowStart slowStart;
    private BreakerSettings settings;
    private CircuitBreaker machine;
    private Phase phase = Phase.CLOSED;
    private long openedNanos;

    /** Counts the phases: a permission of an earlier one tells nothing any more. */
    private long era;

    private boolean disposed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** Is told when the phase has changed. */
    interface Listener {
        /** Nothing is sent from now on. */
        void opened();

        /** Jobs that waited here may be looked at again. */
        void admitting();

        /** All is well again. */
        void closed();
    }

    /**
     * @param what is protected, for the log
     * @param machine resilience4j's breaker, closed, which nobody else moves
     */
    Breaker(String what, BreakerSettings settings, CircuitBreaker machine, Time time, Listener listener) {
        this.settings = settings;
        this.machine = machine;
        this.time = time;
        this.listener = listener;
        this.chronicle = new Chronicle(what, time);
        this.round = new ProbeRound(time, this::noAnswer);
        this.slowStart = new SlowStart(time, listener::admitting);
    }

    /**
     * Other settings from here on. What has been counted is forgotten, the state is not: one that is open stays so for
     * as long as it was to, and one that is half-open sends its probes anew.
     *
     * @param fresh resilience4j's breaker with these settings, closed
     */
    void reconfigure(BreakerSettings next, CircuitBreaker fresh) {
        settings = next;
        machine = fresh;
        if (phase != Phase.CLOSED) {
            machine.transitionToOpenState();
        }
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

    /** A call passes; only when it {@linkplain #admits() admits}. {@code patience} is how long a probe may be silent. */
    Permission enter(Duration patience) {
        if (!machine.tryAcquirePermission()) {
            throw new IllegalStateException("a call entered where none is admitted");
        }
        boolean probe = phase == Phase.HALF_OPEN;
        if (probe) {
            round.entered(patience);
        } else {
            slowStart.entered();
        }
        return new Permission(this, era, probe);
    }

    /** Opens now, unless it is open; half-open follows after {@code rest}. */
    void open(Duration rest, Trigger trigger, String why) {
        if (phase != Phase.OPEN) {
            machine.transitionToOpenState();
            becomeOpen(rest, trigger, why);
        }
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
        return chronicle.reason();
    }

    BreakerState state() {
        return chronicle.state();
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

    void succeeded(boolean probe) {
        machine.onSuccess(0, TimeUnit.NANOSECONDS);
        follow("");
        left(probe);
    }

    void failed(Told why, boolean probe) {
        chronicle.failed(why);
        slowStart.failed();
        machine.onError(0, TimeUnit.NANOSECONDS, new CallFailed());
        follow(why.message());
        left(probe);
    }

    void failedAtOnce(Told why, Duration rest) {
        chronicle.failed(why);
        machine.releasePermission();
        open(rest, phase == Phase.CLOSED ? Trigger.NO_CONNECTION : Trigger.PROBES, why.message());
    }

    void toldNothing(boolean probe) {
        machine.releasePermission();
        if (probe) {
            round.makeRoom();
            listener.admitting();
        }
        left(probe);
    }

    /** A probe has said how it went, or that it says nothing. */
    void probeTold() {
        round.told();
    }

    private void left(boolean probe) {
        if (!probe) {
            slowStart.left();
        }
    }

    private void noAnswer(int probes) {
        open(settings.openFor(), Trigger.PROBES, "no answer to " + probes + (probes == 1 ? " probe" : " probes"));
    }

    /** Follows the machine, which may have changed its state on what it was told. */
    private void follow(String lastFailure) {
        State now = machine.getState();
        if (now == State.OPEN && phase == Phase.CLOSED) {
            becomeOpen(settings.openFor(), Trigger.RATE, rate(lastFailure));
        } else if (now == State.OPEN && phase == Phase.HALF_OPEN) {
            becomeOpen(settings.openFor(), Trigger.PROBES, lastFailure);
        } else if (now == State.CLOSED && phase != Phase.CLOSED) {
            becomeClosed();
        }
    }

    private String rate(String lastFailure) {
        CircuitBreaker.Metrics metrics = machine.getMetrics();
        return Math.round(metrics.getFailureRate()) + "% of " + metrics.getNumberOfBufferedCalls()
                + " calls failed, the last: " + lastFailure;
    }

    private void becomeOpen(Duration rest, Trigger trigger, String why) {
        become(Phase.OPEN);
        chronicle.opened(trigger, why);
        openedNanos = time.nanos();
        if (!disposed) {
            timer = time.after(rest, this::becomeHalfOpen);
        }
        listener.opened();
    }

    private void becomeHalfOpen() {
        machine.transitionToHalfOpenState();
        become(Phase.HALF_OPEN);
        chronicle.probing();
        round.begin(settings.probes());
        listener.admitting();
    }

    private void becomeClosed() {
        become(Phase.CLOSED);
        chronicle.closed();
        if (!disposed) {
            slowStart.begin(settings.probes());
        }
        listener.closed();
        listener.admitting();
    }

    private void become(Phase next) {
        timer.cancel();
        round.end();
        slowStart.end();
        phase = next;
        era++;
    }

    /** resilience4j wants to be shown an exception; which one does not matter to it. It has no stack trace to fill. */
    private static final class CallFailed extends Exception {
        private static final long serialVersionUID = 1;

        CallFailed() {
            super("a call failed", null, false, false);
        }
    }
}
