package org.mediawiki.jobqueue.loadtest.standin;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The ledger's table: one row for each request, in columns, about 35 bytes a row. Not safe for use by several
 * threads; {@link RequestLedger} guards it.
 */
final class RequestRows {

    private int size;
    private int[] ids = new int[256];
    private int[] types = new int[256];
    private int[] clients = new int[256];
    private long[] starts = new long[256];
    private long[] ends = new long[256];
    private Outcome[] outcomes = new Outcome[256];
    private short[] statuses = new short[256];

    private final FewTexts typeNames = new FewTexts();
    private final FewTexts clientNames = new FewTexts();

    /** Adds an open request and returns its row. */
    int add(int id, String type, String client, long startNanos) {
        if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        types[size] = typeNames.numberOf(type);
        clients[size] = clientNames.numberOf(client);
        starts[size] = startNanos;
        ends[size] = Long.MAX_VALUE;
        outcomes[size] = Outcome.OPEN;
        return size++;
    }

    void end(int row, long endNanos, Outcome outcome, int status) {
        ends[row] = endNanos;
        outcomes[row] = outcome;
        statuses[row] = (short) status;
    }

    int size() {
        return size;
    }

    int id(int row) {
        return ids[row];
    }

    String type(int row) {
        return typeNames.text(types[row]);
    }

    String client(int row) {
        return clientNames.text(clients[row]);
    }

    long start(int row) {
        return starts[row];
    }

    /** {@link Long#MAX_VALUE} while the request is open. */
    long end(int row) {
        return ends[row];
    }

    Outcome outcome(int row) {
        return outcomes[row];
    }

    int status(int row) {
        return statuses[row];
    }

    /** Answered in full, and with 2xx. */
    boolean isDone(int row) {
        return outcome(row) == Outcome.ANSWERED && statuses[row] / 100 == 2;
    }

    /** The times of the rows that are wanted. */
    Spans spans(IntPredicate wanted) {
        int[] rows = rows(wanted);
        return new Spans(
                Arrays.stream(rows).mapToLong(this::start).toArray(),
                Arrays.stream(rows).mapToLong(this::end).toArray());
    }

    /** The rows that are wanted, in the order of arrival. */
    int[] rows(IntPredicate wanted) {
        return IntStream.range(0, size).filter(wanted).toArray();
    }

    private void grow() {
        int length = size * 2;
        ids = Arrays.copyOf(ids, length);
        types = Arrays.copyOf(types, length);
        clients = Arrays.copyOf(clients, length);
        starts = Arrays.copyOf(starts, length);
        ends = Arrays.copyOf(ends, length);
        outcomes = Arrays.copyOf(outcomes, length);
        statuses = Arrays.copyOf(statuses, length);
    }
}
