package org.mediawiki.jobqueue.runner.breaker;

import java.util.function.Consumer;
import org.mediawiki.jobqueue.runner.Verdict;

/** One attempt under way, with a permission of its type's breaker and one of the target's. */
public final class Call {

    private final TypeBreaker type;
    private final Permission ofType;
    private final Permission ofTarget;
    private final long sentNanos;
    private boolean countedAsSlow;

    Call(TypeBreaker type, Permission ofType, Permission ofTarget, long sentNanos) {
        this.type = type;
        this.ofType = ofType;
        this.ofTarget = ofTarget;
        this.sentNanos = sentNanos;
    }

    /**
     * The attempt is over; call it once.
     *
     * @param verdict what the attempt means by itself
     * @param whenJudged is told once what holds: the same verdict, or a hold in its place where the attempt failed in an
     *     outage. At once, or a few seconds later where that is not clear yet
     */
    public void ended(Verdict verdict, Consumer<Verdict> whenJudged) {
        type.ended(this, verdict, whenJudged);
    }

    Permission ofType() {
        return ofType;
    }

    Permission ofTarget() {
        return ofTarget;
    }

    boolean isProbe() {
        return ofType.isProbe() || ofTarget.isProbe();
    }

    long sentNanos() {
        return sentNanos;
    }

    /** It has been counted as a failure although it goes on. */
    void countAsSlow() {
        countedAsSlow = true;
    }

    boolean isCountedAsSlow() {
        return countedAsSlow;
    }
}
