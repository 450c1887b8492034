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

    /** How long a failed attempt is on trial where nothing else has failed. */
    static final Duration LEAST_PATIENCE = Duration.ofMillis(500);

    /** By how much longer it is where the next failure would open a breaker. */
    static final Duration MOST_MORE_PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Clock clock;
    private final Machines machines;
    private final Runnable onAdmitting;
    private final Breaker breaker;
    private final Trial trial;
    private TargetRecord record;

    TargetBreaker(String name, BreakerSettings settings, Time time, Runnable onAdmitting) {
        this.name = name;
        this.clock = new MonotonicClock(time);
        this.machines = new Machines(clock);
        this.onAdmitting = onAdmitting;
        this.breaker = new Breaker(name, settings, machines.obeying(name, settings), time, this);
        this.record = new TargetRecord(settings, clock);
        this.trial = new Trial(time, LEAST_PATIENCE.plus(MOST_MORE_PATIENCE));
    }

    void reconfigure(BreakerSettings settings) {
        if (!settings.equals(breaker.settings())) {
            record = new TargetRecord(settings, clock);
            breaker.reconfigure(settings, machines.obeying(name, settings));
        }
    }

    Machines machines() {
        return machines;
    }

    /** The lane's attempts of which it is not clear yet whether they count. */
    Trial trial() {
        return trial;
    }

    boolean admits() {
        return breaker.admits();
    }

    BreakerState state() {
        return breaker.state();
    }

    Permission enter(Duration patience) {
        return breaker.enter(patience);
    }

    void succeeded(Call call, String type) {
        if (call.ofTarget().succeeded()) {
            record.succeeded(type);
        }
        if (!call.isCountedAsSlow()) {
            trial.targetAnswered(call.sentNanos());
        }
    }

    void failed(Call call, String type, Told why) {
        if (call.ofTarget().failed(why) && breaker.isClosed()) {
            record.failed(type)
                    .ifPresent(sickness -> breaker.open(
                            breaker.settings().openFor(),
                            sickness.trigger(),
                            sickness.inWords() + ", the last: " + why.message()));
        }
    }

    void unreachable(Call call, Told why, Verdict verdict) {
        Duration rest =
                verdict instanceof Hold hold ? hold.time() : breaker.settings().openFor();
        call.ofTarget().failedAtOnce(why, rest);
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
        trial.dispose(hold());
    }

    @Override
    public void opened() {
        record.forget();
        trial.outage(hold());
    }

    @Override
    public void admitting() {
        onAdmitting.run();
    }

    @Override
    public void closed() {
        record.forget();
    }
}
