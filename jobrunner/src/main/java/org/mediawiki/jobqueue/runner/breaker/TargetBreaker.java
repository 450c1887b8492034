package org.mediawiki.jobqueue.runner.breaker;

import java.time.Clock;
import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * The breaker of a lane's target. It opens when the {@link TargetRecord} says so, and at once when there is no
 * connection: one job probes for that as well as many.
 */
final class TargetBreaker implements Breaker.Listener {

    /** How long a failure is pending where nothing else has failed. */
    static final Duration LEAST_PATIENCE = Duration.ofMillis(500);

    /** By how much longer it is where the next failure would open a breaker. */
    static final Duration MOST_MORE_PATIENCE = Duration.ofSeconds(5);

    /**
     * How long its probes may be silent, whichever type's they are: the others cannot wait for the slowest. A connection
     * is made or refused by then, where {@code connect_timeout} is what it is by default; where it is longer, and
     * nobody answers, the breaker may close for as long as it takes until the next one fails, which costs nobody.
     */
    static final Duration PROBE_PATIENCE = UsualDuration.FLOOR;

    static final Duration CONNECTION_PATIENCE = PROBE_PATIENCE.plusSeconds(1);

    private final Time time;
    private final Clock clock;
    private final Breaker breaker;
    private final PendingFailures pendingFailures;
    private TargetRecord record;

    /** When a request was not taken, the last of those that count. */
    private long notTakenNanos;

    TargetBreaker(String name, BreakerSettings settings, Time time, Waiting waiting) {
        this.time = time;
        this.notTakenNanos = time.nanos();
        this.clock = new MonotonicClock(time);
        this.breaker = new Breaker(name, settings, time, waiting, this);
        this.record = new TargetRecord(settings, clock);
        this.pendingFailures = new PendingFailures(time, LEAST_PATIENCE.plus(MOST_MORE_PATIENCE));
    }

    void reconfigure(BreakerSettings settings) {
        if (!settings.equals(breaker.settings())) {
            record = new TargetRecord(settings, clock);
            breaker.reconfigure(settings);
        }
    }

    /** The clock that windows go by. */
    Clock clock() {
        return clock;
    }

    /** The lane's attempts of which it is not clear yet whether they count. */
    PendingFailures pendingFailures() {
        return pendingFailures;
    }

    boolean admits() {
        return breaker.admits();
    }

    BreakerState state() {
        return breaker.state();
    }

    /** {@code quick}: whether the type answers within {@link #PROBE_PATIENCE} as a rule. */
    Permission enter(boolean quick) {
        return breaker.enter(breaker.lacksConnection() ? CONNECTION_PATIENCE : PROBE_PATIENCE, quick);
    }

    void succeeded(Call call, String type) {
        if (call.ofTarget().succeeded()) {
            record.succeeded(type);
        }
        if (!call.isCountedAsSlow()) {
            pendingFailures.targetAnswered(call.sentNanos());
        }
    }

    void failed(Call call, String type, Told why) {
        if (call.ofTarget().failed(why) && breaker.isClosed()) {
            record.failed(type).ifPresent(reason -> breaker.open(reason, why.message()));
        }
    }

    void unreachable(Call call, Told why, Verdict verdict) {
        Duration rest =
                verdict instanceof Hold hold ? hold.time() : breaker.settings().openFor();
        call.ofTarget().failedAtOnce(why, rest);
    }

    /**
     * Whether a request that was not taken is a failure of its own. A server that goes away takes none of those that are
     * under way on the connection, tens of them in one moment: that is one failure, and no row of them. A server that
     * takes nothing at all does not take those either that are sent after that.
     */
    boolean countsAsNotTaken(Call call) {
        boolean counts = call.sentNanos() - notTakenNanos >= 0;
        if (counts) {
            notTakenNanos = time.nanos();
        }
        return counts;
    }

    void toldNothing(Call call) {
        call.ofTarget().toldNothing();
    }

    boolean covers(Call call) {
        return breaker.covers(call.sentNanos(), call.isCountedAsSlow());
    }

    Hold hold() {
        return new Hold(Scope.TARGET, breaker.settings().openFor(), breaker.reason());
    }

    /** How long a failed attempt is on trial; {@code suspicion} of its type is from 0 to 1, where a breaker opens. */
    Duration patience(double suspicion) {
        double most = Math.min(1, Math.max(suspicion, record.suspicion()));
        return LEAST_PATIENCE.plusMillis((long) (MOST_MORE_PATIENCE.toMillis() * most));
    }

    void dispose() {
        breaker.dispose();
        pendingFailures.dispose(hold());
    }

    @Override
    public void opened() {
        record.forget();
        pendingFailures.outage(hold());
    }

    @Override
    public void closed() {
        record.forget();
    }
}
