package org.mediawiki.jobqueue.runner.breaker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.CallError;

/** The last failures that a breaker counted; who comes eleventh drives out the first. */
final class LastErrors {

    private final Deque<CallError> errors = new ArrayDeque<>();

    void add(Instant at, Finding.Told error) {
        if (errors.size() == BreakerState.MAX_ERRORS) {
            errors.removeFirst();
        }
        errors.addLast(new CallError(at, error.status(), error.message()));
    }

    /** Oldest first. */
    List<CallError> all() {
        return List.copyOf(errors);
    }
}
