package org.mediawiki.jobqueue.runner.verdict;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Failure.Cause;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Dead;
import org.mediawiki.jobqueue.runner.Verdict.Done;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Retry;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/**
 * The table of SPEC section 5, row by row. It serves both protocols, {@code rpc} and {@code rest}: they differ only in
 * how an answer words its failure, and {@link AnswerSummary} reads either.
 *
 * <p>Never throws, whatever the runner answered. Where no answer came, a failure carries the status that a proxy would
 * have given: 502 where the connection was lost, 504 where the timeout passed.
 *
 * <p>Immutable; any thread may call it.
 */
public final class Verdicts {

    /** How long a target that could not be reached is left alone. */
    public static final Duration DEFAULT_UNREACHABLE_HOLD = Duration.ofSeconds(1);

    /** How long a type waits after a 429 that does not say how long. */
    static final Duration TOO_MANY_REQUESTS_HOLD = Duration.ofSeconds(60);

    private static final Done OK = new Done(200);

    private final Duration readonlyHold;
    private final Duration unreachableHold;
    private final RetryAfter retryAfter;

    /**
     * @param readonlyHold how long the jobs of a read-only wiki wait; longer than zero
     * @param unreachableHold how long a target that could not be reached is left alone; longer than zero
     * @param clock tells how far ahead the date of a {@code retry-after} lies
     */
    public Verdicts(Duration readonlyHold, Duration unreachableHold, InstantSource clock) {
        this.readonlyHold = longerThanZero(readonlyHold, "readonlyHold");
        this.unreachableHold = longerThanZero(unreachableHold, "unreachableHold");
        this.retryAfter = new RetryAfter(clock);
    }

    private static Duration longerThanZero(Duration hold, String name) {
        if (hold.isZero() || hold.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than zero, not " + hold);
        }
        return hold;
    }

    /** Says what the attempt means for its job. */
    public Verdict judge(Attempt attempt) {
        return attempt.match(
                answered -> judge(answered.answer()),
                this::hold,
                lost -> new Retry(Failure.withoutAnswer(Cause.CONNECTION_LOST, 502, lost.reason())),
                timedOut -> new Retry(Failure.withoutAnswer(Cause.TIMEOUT, 504, timedOut.reason())));
    }

    /** A server that did not take one request is there: the others go on, and this one is sent again at once. */
    private Hold hold(NotSent notSent) {
        return notSent.connected()
                ? new Hold(Scope.JOB, Duration.ZERO, notSent.reason())
                : new Hold(Scope.TARGET, unreachableHold, notSent.reason());
    }

    private Verdict judge(Answer answer) {
        if (saysReadOnly(answer)) {
            return new Hold(Scope.WIKI, readonlyHold, AnswerSummary.of(answer));
        }
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return judgeSuccess(answer);
        } else if (status >= 300 && status < 400) {
            return new Dead(failure(Cause.REDIRECT, answer));
        } else if (status >= 400 && status < 500) {
            return judgeClientError(answer);
        } else {
            return judgeServerError(answer);
        }
    }

    private static boolean saysReadOnly(Answer answer) {
        return answer.status() == 423
                || "true"
                        .equalsIgnoreCase(
                                answer.headers().getOrDefault("x-readonly", "").strip());
    }

    private static Verdict judgeSuccess(Answer answer) {
        Optional<String> fatal = PhpFatal.in(answer.body());
        if (fatal.isPresent()) {
            String message = "PHP fatal in an answer with HTTP " + answer.status() + ": " + fatal.get();
            return new Retry(failure(Cause.PHP_FATAL, answer, message));
        }
        return answer.status() == 200 ? OK : new Done(answer.status());
    }

    private Verdict judgeClientError(Answer answer) {
        if (answer.status() == 412) {
            return new Done(412);
        } else if (answer.status() == 429) {
            Duration hold = retryAfter.in(answer).orElse(TOO_MANY_REQUESTS_HOLD);
            return new Hold(Scope.TYPE, hold, AnswerSummary.of(answer));
        } else {
            return new Dead(failure(Cause.STATUS, answer));
        }
    }

    /** Also judges statuses that do not exist: the attempts of a runner that speaks nonsense are bounded. */
    private Verdict judgeServerError(Answer answer) {
        Optional<Duration> hold = answer.status() == 503 ? retryAfter.in(answer) : Optional.empty();
        return hold.<Verdict>map(time -> new Hold(Scope.TYPE, time, AnswerSummary.of(answer)))
                .orElseGet(() -> new Retry(failure(Cause.STATUS, answer)));
    }

    private static Failure failure(Cause cause, Answer answer) {
        return failure(cause, answer, AnswerSummary.of(answer));
    }

    private static Failure failure(Cause cause, Answer answer, String message) {
        return new Failure(cause, answer.status(), message, answer.headers(), answer.body());
    }
}
