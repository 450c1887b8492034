package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;

/** Jobs that began before they were due, though no clock that was ahead explains it. Pure. */
final class EarlyStarts {

    /** The book has the very second that the event tells, but by a clock that nobody sets while it runs. */
    private static final long TOLERANCE_NANOS = Duration.ofMillis(50).toNanos();

    /** A clock is put back a moment after its event is over. */
    private static final long PUT_BACK_NANOS = Duration.ofSeconds(1).toNanos();

    private final Requests requests;
    private final List<Ahead> ahead = new ArrayList<>();

    /** Whoever releases what is due took everything up to {@code dueNanos} for due, from {@code fromNanos} on. */
    private record Ahead(long fromNanos, long dueNanos) {}

    /** {@code beginNanos} is when the load began, by the ledger's clock. */
    EarlyStarts(Requests requests, List<EventSpec> events, long beginNanos) {
        this.requests = requests;
        for (EventSpec event : events) {
            if (event.what() instanceof Disturbance.Clock clock && !clock.by().isNegative()) {
                ahead.add(new Ahead(
                        beginNanos + event.at().toNanos(),
                        beginNanos + event.end().plus(clock.by()).toNanos() + PUT_BACK_NANOS));
            }
        }
    }

    long count() {
        return IntStream.range(0, requests.size())
                .filter(this::isEarly)
                .filter(row -> !isExplained(row))
                .count();
    }

    private boolean isEarly(int row) {
        return requests.start(row) < dueNanos(row) - TOLERANCE_NANOS;
    }

    private boolean isExplained(int row) {
        return ahead.stream()
                .anyMatch(clock -> requests.start(row) >= clock.fromNanos() && dueNanos(row) <= clock.dueNanos());
    }

    private long dueNanos(int row) {
        return requests.book().fromNanos(requests.job(row));
    }
}
