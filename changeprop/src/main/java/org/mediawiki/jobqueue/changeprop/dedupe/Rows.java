package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What stands in the rows of {@link RecentDates}, column by column. */
final class Rows {

    private final @Nullable Scope[] scopes;
    private final long[] high;
    private final long[] low;
    private final long[] millis;
    private final long[] putNanos;

    /** {@code count} is a power of two. */
    Rows(int count) {
        this.scopes = new Scope[count];
        this.high = new long[count];
        this.low = new long[count];
        this.millis = new long[count];
        this.putNanos = new long[count];
    }

    int count() {
        return high.length;
    }

    /** Where the row with this number stands, and in its turn every other that is {@link #count} away. */
    int at(long number) {
        return (int) number & (high.length - 1);
    }

    void put(int row, Scope scope, Fingerprint print, Instant date, long nanos) {
        scopes[row] = scope;
        high[row] = print.high();
        low[row] = print.low();
        millis[row] = millis(date);
        putNanos[row] = nanos;
    }

    void clear(int row) {
        scopes[row] = null;
    }

    void copy(int row, Rows from, int other) {
        scopes[row] = from.scopes[other];
        high[row] = from.high[other];
        low[row] = from.low[other];
        millis[row] = from.millis[other];
        putNanos[row] = from.putNanos[other];
    }

    boolean isTaken(int row) {
        return scopes[row] != null;
    }

    boolean is(int row, Fingerprint print) {
        return low[row] == print.low() && high[row] == print.high() && isTaken(row);
    }

    Scope scope(int row) {
        Scope scope = scopes[row];
        if (scope == null) {
            throw new IllegalStateException("row " + row + " is free");
        }
        return scope;
    }

    /** Whether {@code date} is what stands there, as far as it is kept. */
    boolean isDated(int row, Instant date) {
        return millis[row] == millis(date);
    }

    Instant date(int row) {
        return Instant.ofEpochMilli(millis[row]);
    }

    long putNanos(int row) {
        return putNanos[row];
    }

    int hash(int row) {
        return hash(scope(row), high[row] ^ low[row]);
    }

    static int hash(Scope scope, Fingerprint print) {
        return hash(scope, print.high() ^ print.low());
    }

    /** Root events may be dated in any year; nobody asks for one before the epoch. */
    private static long millis(Instant date) {
        return date.isBefore(Instant.EPOCH) ? 0 : date.toEpochMilli();
    }

    private static int hash(Scope scope, long bits) {
        return 31 * scope.hashCode() + Long.hashCode(bits);
    }
}
