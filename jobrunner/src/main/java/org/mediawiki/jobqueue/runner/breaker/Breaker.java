package org.mediawiki.jobqueue.runner.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 */
final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final String what;
    private final Time time;
    private final Listener listener;
    private BreakerSettings settings;
    private CircuitBreaker machine;
    private final LastErrors lastErrors = new LastErrors();
    private final ProbeRound round;
    private Phase phase = Phase.CLOSED;
    private String reason = "";
    private Instant since;
    private Instant notWellSince;
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
        this.what = what;
        this.settings = settings;
        this.machine = machine;
        this.time = time;
        this.listener = listener;
        this.round = new ProbeRound(time, this::noAnswer);
        this.since = time.instant();
        this.notWellSince = since;
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
        return phase == Phase.CLOSED || (phase == Phase.HALF_OPEN && round.hasRoom());
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** A call passes; only when it {@linkplain #admits() admits}. {@code patience} is how long a probe may be silent. */
    Permission enter(Duration patience) {
        if (!machine.tryAcquirePermission()) {
            throw new IllegalStateException("a call entered where none is admitted: " + what);
        }
        if (phase == Phase.HALF_OPEN) {
            round.entered(patience);
        }
        return new Permission(era);
    }

    /** Opens now, unless it is open; half-open follows after {@code rest}. */
    void open(Duration rest, String why) {
        if (phase != Phase.OPEN) {
            machine.transitionToOpenState();
            becomeOpen(rest, why);
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
        return reason;
    }

    BreakerState state() {
        return new BreakerState(phase, reason, since, lastErrors.all());
    }

    /** Stops the timers for good. */
    void dispose() {
        disposed = true;
        timer.cancel();
        round.dispose();
    }

    private void noAnswer(int probes) {
        open(settings.openFor(), "no answer to " + probes + (probes == 1 ? " probe" : " probes"));
    }

    /** Follows the machine, which may have changed its state on what it was told. */
    private void follow(String lastFailure) {
        State now = machine.getState();
        if (now == State.OPEN && phase != Phase.OPEN) {
            becomeOpen(settings.openFor(), phase == Phase.CLOSED ? rate(lastFailure) : lastFailure);
        } else if (now == State.CLOSED && phase != Phase.CLOSED) {
            LOG.info(
                    "Jobs of {} go on after {} s",
                    what,
                    Duration.between(notWellSince, time.instant()).toSeconds());
            become(Phase.CLOSED);
            listener.closed();
            listener.admitting();
        }
    }

    private String rate(String lastFailure) {
        CircuitBreaker.Metrics metrics = machine.getMetrics();
        return Math.round(metrics.getFailureRate()) + "% of " + metrics.getNumberOfBufferedCalls()
                + " calls failed, the last: " + lastFailure;
    }

    private void becomeOpen(Duration rest, String why) {
        boolean wasClosed = phase == Phase.CLOSED;
        become(Phase.OPEN);
        reason = why;
        openedNanos = time.nanos();
        if (wasClosed) {
            notWellSince = since;
            LOG.warn("Jobs of {} wait, the breaker is open: {}", what, why);
        }
        if (!disposed) {
            timer = time.after(rest, this::becomeHalfOpen);
        }
        listener.opened();
    }

    private void becomeHalfOpen() {
        machine.transitionToHalfOpenState();
        become(Phase.HALF_OPEN);
        round.begin(settings.probes());
        listener.admitting();
    }

    private void become(Phase next) {
        timer.cancel();
        round.end();
        phase = next;
        since = time.instant();
        era++;
    }

    /** A call's leave to be sent; says once how it went. What comes after that, or in another phase, is ignored. */
    final class Permission {

        private final long ownEra;
        private final boolean probe = phase == Phase.HALF_OPEN;
        private boolean over;

        private Permission(long ownEra) {
            this.ownEra = ownEra;
        }

        boolean isProbe() {
            return probe;
        }

        /** @return whether it counts */
        boolean succeeded() {
            boolean counts = tells();
            if (counts) {
                machine.onSuccess(0, TimeUnit.NANOSECONDS);
                follow("");
            }
            return counts;
        }

        /** @return whether it counts */
        boolean failed(Finding.Told why) {
            boolean counts = tells();
            if (counts) {
                lastErrors.add(time.instant(), why);
                machine.onError(0, TimeUnit.NANOSECONDS, new CallFailed());
                follow(why.message());
            }
            return counts;
        }

        /** It failed so that nobody else need try for {@code rest}. */
        void failedAtOnce(Finding.Told why, Duration rest) {
            if (tells()) {
                lastErrors.add(time.instant(), why);
                machine.releasePermission();
                open(rest, why.message());
            }
        }

        /** It says nothing of health: another may take its place. */
        void toldNothing() {
            if (tells()) {
                machine.releasePermission();
                if (probe) {
                    round.makeRoom();
                    listener.admitting();
                }
            }
        }

        private boolean tells() {
            boolean first = !over;
            over = true;
            boolean current = first && ownEra == era;
            if (current && probe) {
                round.told();
            }
            return current;
        }
    }

    /** resilience4j wants to be shown an exception; which one does not matter to it. It has no stack trace to fill. */
    private static final class CallFailed extends Exception {
        private static final long serialVersionUID = 1;

        CallFailed() {
            super("a call failed", null, false, false);
        }
    }
}
