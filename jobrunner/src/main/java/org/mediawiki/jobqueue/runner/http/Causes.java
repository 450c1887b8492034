package org.mediawiki.jobqueue.runner.http;

import java.util.Optional;
import java.util.stream.Stream;

/** Looks through an exception and its causes; clients wrap the telling one several times. */
final class Causes {

    /** Longer chains do not occur; rings might. */
    private static final int MAX_DEPTH = 20;

    private Causes() {}

    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return chain(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    static Throwable deepest(Throwable failure) {
        return chain(failure).reduce(failure, (outer, inner) -> inner);
    }

    /** Returns the exception's own words on one line, or its name where it has none. */
    static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return message.strip().replaceAll("\\s+", " ");
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(MAX_DEPTH);
    }
}
