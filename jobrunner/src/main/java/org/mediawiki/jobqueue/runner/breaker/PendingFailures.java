package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;

/**
 * Attempts that failed as those in an outage do, while no breaker was open yet: whether they count is decided a little
 * later. A breaker that opens says that it was an outage, and none of them counts. A call of the same type that was
 * sent later and went well says that it was not; so does silence, if the target has answered any call that was sent
 * later. Where it has not, there is nothing to tell an outage by, and the silence must be longer.
 *
 * <p>Their slots are free meanwhile. Every new failure prolongs the silence that is needed, and the breakers are the
 * bound: they open, or something goes well.
 */
final class PendingFailures {

    private final Time time;
    private final Duration longestSilence;
    private final List<Case> cases = new ArrayList<>();

    /** When the call was sent that is the last of those that the target has answered. */
    private long answeredSentNanos;

    /** The silence has been long enough for those since whose end the target has answered. */
    private boolean silent;

    private boolean disposed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** {@code longestSilence} decides whatever else is known. */
    PendingFailures(Time time, Duration longestSilence) {
        this.time = time;
        this.longestSilence = longestSilence;
        this.answeredSentNanos = time.nanos() - 1;
    }

    /**
     * A failed attempt.
     *
     * @param type its job type
     * @param endedNanos when it failed
     * @param verdict what holds unless it was an outage
     * @param whenJudged waits to hear
     */
    record Case(String type, long endedNanos, Verdict verdict, Consumer<Verdict> whenJudged) {}

    /** {@code patience} is how long a silence decides, from now on and for all; at most the longest. */
    void add(Case failed, Duration patience) {
        if (disposed) {
            failed.whenJudged().accept(failed.verdict());
            return;
        }
        cases.add(failed);
        timer.cancel();
        silent = false;
        timer = time.after(patience, () -> silence(longestSilence.minus(patience)));
    }

    /** The target has answered a call of whatever type. */
    void targetAnswered(long sentNanos) {
        if (sentNanos - answeredSentNanos > 0) {
            answeredSentNanos = sentNanos;
            settleAnswered();
        }
    }

    /** A call of {@code type} went well. */
    void succeeded(String type, long sentNanos) {
        settle(failed -> failed.type().equals(type) && sentNanos - failed.endedNanos() >= 0, Case::verdict);
    }

    /** It was an outage of {@code type}. */
    void outageOf(String type, Hold hold) {
        settle(failed -> failed.type().equals(type), failed -> hold);
    }

    /** It was an outage of them all. */
    void outage(Hold hold) {
        settle(failed -> true, failed -> hold);
    }

    /** Nobody will decide any more: whoever runs the jobs next finds out. */
    void dispose(Hold hold) {
        disposed = true;
        outage(hold);
    }

    private void silence(Duration rest) {
        silent = true;
        timer = time.after(rest, () -> settle(every -> true, Case::verdict));
        settleAnswered();
    }

    private void settleAnswered() {
        if (silent) {
            settle(failed -> answeredSentNanos - failed.endedNanos() >= 0, Case::verdict);
        }
    }

    private void settle(Predicate<Case> which, Function<Case, Verdict> judgement) {
        if (cases.isEmpty()) {
            return;
        }
        List<Case> settled = cases.stream().filter(which).toList();
        // Taken out first: whoever hears of a verdict may start calls, and so come back here.
        cases.removeAll(settled);
        if (cases.isEmpty()) {
            timer.cancel();
        }
        settled.forEach(failed -> failed.whenJudged().accept(judgement.apply(failed)));
    }
}
