package org.mediawiki.jobqueue.loadtest.dev;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.loadtest.dev.Tally.TypeTally;

/**
 * What a person reads about the last seconds: at most {@link #MOST_TYPES} + 7 lines of 80 columns, so that it fits any
 * terminal below the addresses. Used by one thread.
 */
final class Summary {

    private static final int MOST_TYPES = 9;

    /** Rates are over so many tallies: enough to be calm, few enough to be of now. */
    private static final int WINDOW = 5;

    private static final Comparator<Map.Entry<String, TypeTally>> BUSIEST_FIRST = Comparator.comparing(
                    (Map.Entry<String, TypeTally> type) -> type.getValue().done())
            .reversed()
            .thenComparing(Map.Entry::getKey);

    private final Deque<Moment> window = new ArrayDeque<>();
    private long uncommitted;

    private record Moment(Duration at, Tally tally) {}

    /**
     * A new moment.
     *
     * @param at how long {@code dev} has been running
     * @param uncommittedNow records that Kafka has no commit of
     */
    void update(Duration at, Tally tally, long uncommittedNow) {
        window.addLast(new Moment(at, tally));
        if (window.size() > WINDOW + 1) {
            window.removeFirst();
        }
        uncommitted = uncommittedNow;
    }

    /** Everything, as lines. */
    List<String> table() {
        Tally now = now();
        List<Map.Entry<String, TypeTally>> types =
                now.types().entrySet().stream().sorted(BUSIEST_FIRST).toList();
        List<String> lines = new ArrayList<>();
        lines.add("  " + totals());
        lines.add("  attempts: " + verdicts(now));
        lines.add("");
        lines.add("  %-27s %6s %9s %8s %8s %8s %5s"
                .formatted("JOB TYPE", "JOBS/S", "RUNNING", "WAITING", "DONE", "RETRIED", "DEAD"));
        types.stream().limit(MOST_TYPES).forEach(type -> lines.add(row(type.getKey(), type.getValue())));
        if (types.size() > MOST_TYPES) {
            lines.add("  and %d more types".formatted(types.size() - MOST_TYPES));
        }
        return lines;
    }

    /** The same in one line, for logs. */
    String line() {
        return totals() + "; attempts: " + verdicts(now());
    }

    private String totals() {
        Tally now = now();
        return String.format(
                Locale.ROOT,
                "%.1f jobs/s, %d running, %d waiting, %d delayed, %d not committed",
                perSecond(now.done() - first().tally().done()),
                now.running(),
                now.waiting(),
                now.delayed(),
                uncommitted);
    }

    private String row(String type, TypeTally tally) {
        return String.format(
                Locale.ROOT,
                "  %-27.27s %6.1f %9s %8d %8d %8d %5d",
                type,
                perSecond(tally.done() - first().tally().done(type)),
                tally.running() + " of " + tally.limit(),
                tally.waiting(),
                tally.done(),
                tally.retried(),
                tally.dead());
    }

    private static String verdicts(Tally tally) {
        return tally.verdicts().isEmpty()
                ? "none yet"
                : tally.verdicts().entrySet().stream()
                        .map(verdict -> verdict.getValue() + " " + verdict.getKey())
                        .collect(Collectors.joining(", "));
    }

    private double perSecond(long count) {
        Duration span = window.isEmpty() ? Duration.ZERO : window.getLast().at().minus(first().at());
        return span.isZero() ? 0 : count * 1_000.0 / span.toMillis();
    }

    private Tally now() {
        return window.isEmpty() ? Tally.NOTHING : window.getLast().tally();
    }

    private Moment first() {
        return window.isEmpty() ? new Moment(Duration.ZERO, Tally.NOTHING) : window.getFirst();
    }
}
