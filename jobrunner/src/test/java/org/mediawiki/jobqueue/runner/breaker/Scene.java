package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Failure.Cause;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Verdict;

/** A lane's breakers with nothing around them. */
final class Scene implements Waiting {

    static final Verdict WELL = new Verdict.Done(200);
    static final Verdict SICK = failure(Cause.STATUS, 500);
    static final Verdict UNAVAILABLE = failure(Cause.STATUS, 503);
    static final Verdict LOST = failure(Cause.CONNECTION_LOST, 502);
    static final Verdict TIMED_OUT = failure(Cause.TIMEOUT, 504);
    static final Verdict REFUSED = new Verdict.Hold(Verdict.Scope.TARGET, Duration.ofSeconds(1), "refused");

    static final Verdict NOT_TAKEN = new Verdict.Hold(Verdict.Scope.JOB, Duration.ZERO, "went away");

    static final Duration TIMEOUT = Duration.ofSeconds(1_210);

    final FakeTime time = new FakeTime();
    final BreakerSettings settings;
    final Breakers breakers;
    int looks;

    private final Map<String, TypeBreaker> types = new HashMap<>();

    Scene(BreakerSettings settings) {
        this.settings = settings;
        this.breakers = new Breakers("main", settings, time, this);
    }

    Scene() {
        this(BreakerSettings.DEFAULT);
    }

    static Verdict failure(Cause cause, int status) {
        return new Verdict.Retry(Failure.withoutAnswer(cause, status, "HTTP " + status));
    }

    @Override
    public boolean isAnybodyThere() {
        return true;
    }

    @Override
    public void lookAgain() {
        looks++;
    }

    TypeBreaker type(String name) {
        return types.computeIfAbsent(name, type -> breakers.ofType(type, settings, this));
    }

    boolean admits(String type) {
        return breakers.targetAdmits() && type(type).admits();
    }

    Call send(String type) {
        return send(type, TIMEOUT);
    }

    Call send(String type, Duration timeout) {
        return breakers.enter(type(type), timeout);
    }

    /** One call that ends at once; its judgements are added to the answer, now or later. */
    List<Verdict> call(String type, Verdict verdict) {
        List<Verdict> judged = new ArrayList<>();
        send(type).ended(verdict, judged::add);
        return judged;
    }

    /** So many calls, as long as the breakers admit them. */
    List<Verdict> calls(int count, String type, Verdict verdict) {
        List<Verdict> judged = new ArrayList<>();
        for (int i = 0; i < count && admits(type); i++) {
            send(type).ended(verdict, judged::add);
        }
        return judged;
    }

    /** One call that takes {@code duration}. */
    void slowCall(String type, Duration duration) {
        Call call = send(type);
        time.advance(duration);
        call.ended(WELL, verdict -> {});
    }
}
