package org.mediawiki.jobqueue.runner.breaker;

import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

/**
 * What a verdict says about the health of the job's type and of the target (SPEC section 5).
 *
 * <p>A PHP fatal is the type's, as a 500 is. What is the job's own fault, or a hold that the runner asked for, says
 * nothing of health: it neither opens a breaker nor closes one.
 */
enum Finding {
    /** The runner did its work. */
    WELL,
    /** The type's code fails; the target is there. */
    SICK_TYPE,
    /** Nobody did the work: 502, 503, 504, the connection was lost, the answer came too late. */
    OUTAGE,
    /** There was no connection. */
    UNREACHABLE,
    /** There was one, but the server did not take the request. */
    NOT_TAKEN,
    /** The job's own fault, a hold, a bug of ours. */
    NOTHING;

    /** Whether it shows that the runner answers. */
    boolean isAnswer() {
        return this != OUTAGE && this != UNREACHABLE && this != NOT_TAKEN;
    }

    static Finding of(Verdict verdict) {
        return verdict.match(done -> WELL, retry -> of(retry.failure()), dead -> NOTHING, hold -> of(hold.scope()));
    }

    private static Finding of(Scope held) {
        return switch (held) {
            case TARGET -> UNREACHABLE;
            case JOB -> NOT_TAKEN;
            case TYPE, WIKI -> NOTHING;
        };
    }

    private static Finding of(Failure failure) {
        return switch (failure.cause()) {
            case CONNECTION_LOST, TIMEOUT -> OUTAGE;
            case PHP_FATAL -> SICK_TYPE;
            case STATUS -> failure.status() >= 502 && failure.status() <= 504 ? OUTAGE : SICK_TYPE;
            case REDIRECT, INVALID_EVENT, INVALID_DELAY, INTERNAL -> NOTHING;
        };
    }

    /** How a verdict is told to people, where it is a failure. */
    static Told told(Verdict verdict) {
        return verdict.match(
                done -> new Told(done.status(), ""),
                retry -> new Told(retry.failure().status(), retry.failure().message()),
                dead -> new Told(dead.failure().status(), dead.failure().message()),
                hold -> new Told(NO_CONNECTION, hold.reason()));
    }

    /** What a proxy says where it gets no connection. */
    private static final int NO_CONNECTION = 502;

    /** A failure's status, or the one that a proxy would have given, and a line for people. */
    record Told(int status, String message) {}
}
