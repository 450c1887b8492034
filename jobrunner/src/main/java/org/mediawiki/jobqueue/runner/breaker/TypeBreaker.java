package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * The breaker of one job type. It opens when the {@link TypeRecord} says so.
 *
 * <p>A call that has no answer after ten times its type's usual duration, and five seconds at least, counts as failed
 * while it goes on, unless one that was sent later has its answer: a target that accepts and never answers shows in
 * nothing else before the timeout. Where the usual duration is not known yet, a minute is slow, or a twentieth of the
 * timeout where that is longer.
 */
public final class TypeBreaker {

    private final String type;
    private final TargetBreaker target;
    private final Time time;
    private final Breaker breaker;
    private final UsualDuration usual;
    private final Set<Call> unanswered = new LinkedHashSet<>();
    private TypeRecord record;
    private Duration lastTimeout = Duration.ZERO;

    /** When the call was sent that is the last of those that were answered. */
    private long answeredSentNanos;

    TypeBreaker(String type, BreakerSettings settings, TargetBreaker target, Time time, Waiting waiting) {
        this.type = type;
        this.target = target;
        this.time = time;
        this.breaker = new Breaker("type " + type, settings, time, waiting, listener());
        this.record = new TypeRecord(settings, target.clock());
        this.answeredSentNanos = time.nanos() - 1;
        this.usual = new UsualDuration(settings.minimumCalls());
    }

    /** Other settings from here on; where they are as before, nothing happens. */
    public void reconfigure(BreakerSettings settings) {
        if (!settings.equals(breaker.settings())) {
            usual.reconfigure(settings.minimumCalls());
            record = new TypeRecord(settings, target.clock());
            breaker.reconfigure(settings);
        }
    }

    /** Whether a job of the type may be sent, as far as its own breaker goes. */
    public boolean admits() {
        return breaker.admits();
    }

    /** Whether all is well. */
    public boolean isClosed() {
        return breaker.isClosed();
    }

    public BreakerState state() {
        return breaker.state();
    }

    /** A job is sent, with this timeout; only when this breaker and the target's admit it. */
    Call enter(Duration timeout) {
        lastTimeout = timeout;
        Permission own = breaker.enter(usual.patience(), true);
        Call call = new Call(this, own, target.enter(usual.isQuick()), time.nanos());
        unanswered.add(call);
        return call;
    }

    /** Stops the timers for good. */
    void dispose() {
        breaker.dispose();
    }

    void ended(Call call, Verdict verdict, Consumer<Verdict> whenJudged) {
        unanswered.remove(call);
        Finding finding = Finding.of(verdict);
        if (finding.isAnswer() && call.sentNanos() - answeredSentNanos > 0) {
            answeredSentNanos = call.sentNanos();
        }
        count(call, finding, verdict);
        if (finding == Finding.OUTAGE || finding == Finding.NOT_TAKEN) {
            judge(call, verdict, whenJudged);
        } else {
            whenJudged.accept(verdict);
        }
    }

    /** Counts the calls that have had no answer for too long, each once. */
    void watch() {
        Duration slow = usual.slow(lastTimeout);
        long sentBefore = time.nanos() - slow.toNanos();
        // Oldest first. What is counted opens breakers, which may start calls: so they are collected first.
        Set<Call> late = new LinkedHashSet<>();
        for (Iterator<Call> calls = unanswered.iterator(); calls.hasNext(); ) {
            Call call = calls.next();
            if (call.sentNanos() - sentBefore > 0) {
                break;
            }
            calls.remove();
            if (call.sentNanos() - answeredSentNanos > 0) {
                late.add(call);
            }
        }
        late.forEach(call -> late(call, slow));
    }

    boolean hasUnanswered() {
        return !unanswered.isEmpty();
    }

    private void late(Call call, Duration slow) {
        call.countAsSlow();
        String compared = usual.mean().isPresent() ? ", far more than usual" : " from the first calls of the type on";
        Told told = new Told(504, "no answer within " + slow.toMillis() + " ms" + compared);
        failedBoth(call, told);
    }

    private void count(Call call, Finding finding, Verdict verdict) {
        Told told = Finding.told(verdict);
        switch (finding) {
            case WELL -> succeeded(call);
            case SICK_TYPE -> {
                failed(call, told);
                target.succeeded(call, type);
            }
            case OUTAGE -> failedBoth(call, told);
            case NOT_TAKEN -> {
                if (target.countsAsNotTaken(call)) {
                    failedBoth(call, told);
                } else {
                    toldNothing(call);
                }
            }
            case UNREACHABLE -> {
                failed(call, told);
                target.unreachable(call, told, verdict);
            }
            case NOTHING -> toldNothing(call);
        }
    }

    private void succeeded(Call call) {
        boolean isNews = usual.mean().isEmpty();
        if (isNews) {
            // What took longer than the first guess was a long job and no outage.
            record.endRow();
        }
        if (!call.isCountedAsSlow() || call.isProbe() || isNews) {
            usual.add(time.nanos() - call.sentNanos());
        }
        if (call.ofType().succeeded() && breaker.isClosed()) {
            record.succeeded();
        }
        target.succeeded(call, type);
        if (!call.isCountedAsSlow()) {
            target.pendingFailures().succeeded(type, call.sentNanos());
        }
    }

    private void toldNothing(Call call) {
        call.ofType().toldNothing();
        target.toldNothing(call);
    }

    private void failedBoth(Call call, Told why) {
        failed(call, why);
        target.failed(call, type, why);
    }

    private void failed(Call call, Told why) {
        if (call.ofType().failed(why) && breaker.isClosed()) {
            record.failed().ifPresent(reason -> breaker.open(reason, why.message()));
        }
    }

    /** An attempt that an outage ended costs nothing; where nobody can tell yet, it is decided later. */
    private void judge(Call call, Verdict verdict, Consumer<Verdict> whenJudged) {
        if (target.covers(call)) {
            whenJudged.accept(target.hold());
        } else if (breaker.covers(call.sentNanos(), call.isCountedAsSlow())) {
            whenJudged.accept(hold());
        } else if (verdict instanceof Hold) {
            // It costs nothing in any case, so nobody needs to wait until it is clear.
            whenJudged.accept(verdict);
        } else {
            target.pendingFailures()
                    .add(
                            new PendingFailures.Case(type, time.nanos(), verdict, whenJudged),
                            target.patience(record.suspicion()));
        }
    }

    private Breaker.Listener listener() {
        return new Breaker.Listener() {
            @Override
            public void opened() {
                record.forget();
                target.pendingFailures().outageOf(type, hold());
            }

            @Override
            public void closed() {
                record.forget();
            }
        };
    }

    private Hold hold() {
        return new Hold(Scope.TYPE, breaker.settings().openFor(), breaker.reason());
    }
}
