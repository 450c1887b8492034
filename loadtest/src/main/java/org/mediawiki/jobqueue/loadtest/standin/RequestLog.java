package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the ledger holds between two times it is cleared, and the questions about it. Not safe for use by several
 * threads; {@link RequestLedger} guards it.
 */
final class RequestLog {

    private final IdTable ids = new IdTable();
    private final RequestRows rows = new RequestRows();
    private final List<Described> described = new ArrayList<>();
    private int[] attempts = new int[256];
    private int ended;

    private record Described(JobRequest request, RecordedRequest.Wire wire) {}

    /** Adds an open request; returns its row and what the rules may know of it. */
    Ticket add(EventFields event, String client, int bytes, long startNanos) {
        int id = ids.numberOf(event.id());
        if (id == attempts.length) {
            attempts = Arrays.copyOf(attempts, id * 2);
        }
        JobRequest request = new JobRequest(event, ++attempts[id], bytes);
        return new Ticket(this, rows.add(id, event.type(), client, startNanos), request);
    }

    /** Keeps more of the request that was added last. */
    void describe(JobRequest request, RecordedRequest.Wire wire) {
        described.add(new Described(request, wire));
    }

    /** Ends an open request; returns whether it was open. */
    boolean end(int row, long endNanos, RecordedRequest.Ending ending) {
        if (rows.outcome(row) != Outcome.OPEN) {
            return false;
        }
        rows.end(row, endNanos, ending.outcome(), ending.status());
        ended++;
        return true;
    }

    /** Where a request stands in the log. */
    record Ticket(RequestLog log, int row, JobRequest request) {}

    int size() {
        return rows.size();
    }

    int ended() {
        return ended;
    }

    int count(String type) {
        return rows.rows(ofType(type)).length;
    }

    List<RecordedRequest> requests() {
        return IntStream.range(0, described.size()).mapToObj(this::recorded).toList();
    }

    void forEach(RequestLedger.Visitor visitor) {
        for (int row = 0; row < rows.size(); row++) {
            RequestLedger.Sent sent =
                    new RequestLedger.Sent(ids.textOf(rows.id(row)), rows.type(row), rows.client(row));
            visitor.request(sent, rows.start(row), rows.end(row), ending(row));
        }
    }

    List<LedgerTally> tally() {
        record Key(String type, RecordedRequest.Ending ending) {}
        Map<Key, Long> counts = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            counts.merge(new Key(rows.type(row), ending(row)), 1L, Long::sum);
        }
        return counts.entrySet().stream()
                .map(entry ->
                        new LedgerTally(entry.getKey().type(), entry.getKey().ending(), entry.getValue()))
                .sorted(Comparator.comparing(LedgerTally::type)
                        .thenComparing(tally -> tally.ending().outcome())
                        .thenComparing(tally -> tally.ending().status()))
                .toList();
    }

    Spans spans() {
        return rows.spans(row -> true);
    }

    Spans spans(String type) {
        return rows.spans(ofType(type));
    }

    long[] startsOf(String id) {
        return ids.find(id).stream()
                .flatMap(number -> Arrays.stream(rows.rows(row -> rows.id(row) == number)))
                .mapToLong(rows::start)
                .sorted()
                .toArray();
    }

    List<Duration> intervalsOf(String id) {
        long[] starts = startsOf(id);
        return IntStream.range(1, starts.length)
                .mapToObj(i -> Duration.ofNanos(starts[i] - starts[i - 1]))
                .toList();
    }

    Set<String> lost(Set<String> wanted) {
        return without(wanted, row -> true);
    }

    Set<String> notDone(Set<String> wanted) {
        return without(wanted, rows::isDone);
    }

    Set<String> ranMoreThanOnce() {
        return moreThanOnce(row -> true);
    }

    Set<String> doneMoreThanOnce() {
        return moreThanOnce(rows::isDone);
    }

    private Set<String> without(Set<String> wanted, IntPredicate seen) {
        Set<String> left = new TreeSet<>(wanted);
        Arrays.stream(rows.rows(seen)).map(rows::id).mapToObj(ids::textOf).forEach(left::remove);
        return left;
    }

    private Set<String> moreThanOnce(IntPredicate counted) {
        int[] counts = new int[ids.size()];
        Arrays.stream(rows.rows(counted)).map(rows::id).forEach(id -> counts[id]++);
        return IntStream.range(0, counts.length)
                .filter(id -> counts[id] > 1)
                .mapToObj(ids::textOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private RecordedRequest recorded(int row) {
        Described known = described.get(row);
        OptionalLong end = rows.outcome(row) == Outcome.OPEN ? OptionalLong.empty() : OptionalLong.of(rows.end(row));
        RecordedRequest.Span span = new RecordedRequest.Span(rows.start(row), end);
        return new RecordedRequest(row, known.request(), known.wire(), span, ending(row));
    }

    private RecordedRequest.Ending ending(int row) {
        return new RecordedRequest.Ending(rows.outcome(row), rows.status(row));
    }

    private IntPredicate ofType(String type) {
        return row -> rows.type(row).equals(type);
    }
}
