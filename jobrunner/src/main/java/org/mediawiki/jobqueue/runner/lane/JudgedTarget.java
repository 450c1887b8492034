package org.mediawiki.jobqueue.runner.lane;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target, and the judge of what comes of sending to it. The one boundary behind which nothing is unexpected: whatever
 * either of them throws becomes a verdict, so that the slot is given back.
 */
final class JudgedTarget {

    private static final Logger LOG = LoggerFactory.getLogger(JudgedTarget.class);

    private final Target target;
    private final Function<Attempt, Verdict> judge;

    JudgedTarget(Target target, Function<Attempt, Verdict> judge) {
        this.target = target;
        this.judge = judge;
    }

    /** Sends the job once; the future never fails. */
    Future<Verdict> send(Job job, Duration timeout) {
        return request(job, timeout).map(judge).recover(bug -> Future.succeededFuture(unexpected(bug)));
    }

    /** What holds for an attempt that ended in a bug of ours. */
    static Verdict unexpected(Throwable bug) {
        LOG.error("An attempt ended in a way that it should not: this is a bug", bug);
        return new Verdict.Retry(Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, bug.toString()));
    }

    private Future<Attempt> request(Job job, Duration timeout) {
        try {
            return target.send(job, timeout);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
