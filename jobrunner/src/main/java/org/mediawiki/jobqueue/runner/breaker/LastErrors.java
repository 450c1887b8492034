package org.mediawiki.jobqueue.runner.breaker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

    /** How many of which status, for the log. */
    @Override
    public String toString() {
        Map<Integer, Long> counts =
                errors.stream().collect(Collectors.groupingBy(CallError::status, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(status -> status.getValue() + " x " + status.getKey())
                .collect(Collectors.joining(", "));
    }
}
