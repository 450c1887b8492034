package org.mediawiki.jobqueue.runner.verdict;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Failure.Cause;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Dead;
import org.mediawiki.jobqueue.runner.Verdict.Done;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/**
 * The table of SPEC section 5 for {@code protocol: rest}, the EventBus extension's own endpoint, which has more ways of
 * saying that the wiki is not set up. No job is to blame for these, so none dies of them: its wiki waits, and the line
 * says what to set.
 *
 * <pre>
 *   501                  the endpoint is switched off                 hold
 *   2xx without status   something else answers there                 hold
 *   3xx, 401, 403, 404   nothing was accepted so far, or not for
 *                        {@value #TRUSTED_REFUSALS} answers                               hold: nobody gets in
 *                        else                                         dead: this job is to blame
 *   everything else      as {@link Verdicts} says
 * </pre>
 *
 * <p>"Accepted" is a job that was done: only then was its signature good, its wiki there and the endpoint open. The next
 * job of the wiki that tries is another, so that one forged event in front does not stop those behind it.
 *
 * <p>Remembers what was accepted, for the life of one target; called on its lane's context only.
 */
public final class RestVerdicts {

    /** How long a wiki waits that is not set up: as long as an admin is ready to wait for the next try. */
    public static final Duration SETUP_HOLD = Duration.ofSeconds(30);

    /**
     * So many refusals without anything accepted in between are no longer the jobs' fault: {@code $wgSecretKey} was
     * changed, or the wiki has moved. Bounds what dies of such a change.
     */
    static final int TRUSTED_REFUSALS = 10;

    private final Verdicts verdicts;
    private boolean accepted;
    private int refusedSince;

    /** {@code verdicts} says what all else means. */
    public RestVerdicts(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    /** The same, with all that was accepted so far, where {@code other} says what all else means. */
    public RestVerdicts with(Verdicts other) {
        RestVerdicts next = new RestVerdicts(other);
        next.accepted = accepted;
        next.refusedSince = refusedSince;
        return next;
    }

    /** Says what the attempt means for its job. */
    public Verdict judge(Attempt attempt) {
        Verdict verdict = verdicts.judge(attempt);
        return attempt.match(
                answered -> judge(answered.answer(), verdict),
                notSent -> verdict,
                lost -> verdict,
                timedOut -> verdict);
    }

    private Verdict judge(Answer answer, Verdict verdict) {
        if (verdict instanceof Done) {
            return done(answer, verdict);
        }
        if (verdict instanceof Hold hold && hold.scope() == Scope.WIKI) {
            return new Hold(hold.scope(), hold.time(), withAdvice(answer), hold.another());
        }
        if (answer.status() == 501) {
            return setupHold(answer);
        }
        if (!isRefusal(answer.status())) {
            return verdict;
        }
        refusedSince++;
        return accepted && refusedSince <= TRUSTED_REFUSALS ? dead(answer) : setupHold(answer);
    }

    /** The endpoint tells the job's status; a page that greets every visitor does not, and has run nothing. */
    private Verdict done(Answer answer, Verdict verdict) {
        if (answer.status() < 300 && !answer.body().contains("\"status\"")) {
            return setupHold(answer);
        }
        accepted = true;
        refusedSince = 0;
        return verdict;
    }

    private static boolean isRefusal(int status) {
        return status == 401 || status == 403 || status == 404 || (status >= 300 && status < 400);
    }

    private static Hold setupHold(Answer answer) {
        return new Hold(Scope.WIKI, SETUP_HOLD, withAdvice(answer), true);
    }

    private static Dead dead(Answer answer) {
        Cause cause = answer.status() < 400 ? Cause.REDIRECT : Cause.STATUS;
        return new Dead(new Failure(cause, answer.status(), withAdvice(answer), answer.headers(), answer.body()));
    }

    private static String withAdvice(Answer answer) {
        return AnswerSummary.of(answer) + " (" + advice(answer) + ")";
    }

    /** What an admin should look at, in the words of {@code docs/small-wiki.md}. */
    private static String advice(Answer answer) {
        int status = answer.status();
        if (status == 423) {
            return "the wiki's jobs wait until $wgReadOnly is unset and its database can be written to";
        } else if (status == 501) {
            return "set $wgEventBusEnableRunJobAPI = true; in LocalSettings.php";
        } else if (status == 403 && answer.body().contains("rest-read-denied")) {
            return "the wiki is private: let this endpoint be read, see docs/small-wiki.md";
        } else if (status == 403) {
            return "every server of the wiki needs the same $wgSecretKey, and the web server must let this service in";
        } else if (status == 404) {
            return "no wiki with the EventBus extension answers there: look at wfLoadExtension( 'EventBus' ), the path of"
                    + " the target's uri, and which wiki the web server shows for this Host header";
        } else if (status == 401) {
            return "the web server asks for a password: let this service in without";
        }
        return status < 300
                ? "something answers there, but not the EventBus extension: look at the target's uri"
                : "aim the target's uri at where the wiki answers without a redirect";
    }
}
