package org.mediawiki.jobqueue.changeprop.dedupe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The dates that were put in last, for a time and so many at most. All live equally long, so the oldest is the next to
 * expire, and is the first to go where room is needed. Used by one thread.
 *
 * <p>The rows are a ring of plain numbers and not objects: those would live just long enough to be copied by each
 * collection until they are old, and were a fifth of what a busy process did.
 */
final class RecentDates {

    /**
     * A date that is put in again while its row is no older than this part of its time keeps the row, and may be forgotten
     * so much too early.
     */
    static final int YOUNG_PART = 24;

    private static final int FEWEST_ROWS = 1_024;

    /** Beyond it the names of scopes are known twice, which costs memory and nothing else. */
    private static final int MOST_SCOPES = 100_000;

    private final long ttlNanos;
    private final int mostRows;
    private final Time time;

    /** One object for equal ones, so that rows share it. */
    private final Map<Scope, Scope> scopes = new HashMap<>();

    private Rows rows;
    private RowIndex index;

    /** Rows are numbered on and on, from the oldest to that which comes next; each stands at its number in the ring. */
    private long oldest;

    private long next;
    private int size;

    /** {@code mostRows} is a power of two, and takes 44 bytes each once they are needed. */
    RecentDates(Duration ttl, int mostRows, Time time) {
        this.ttlNanos = ttl.toNanos();
        this.mostRows = mostRows;
        this.time = time;
        this.rows = new Rows(Math.min(FEWEST_ROWS, mostRows));
        this.index = new RowIndex(rows.count(), rows::hash);
    }

    Optional<Instant> get(Scope scope, String text) {
        int row = find(scope, Fingerprint.of(text));
        return row == RowIndex.NONE || isExpired(row) ? Optional.empty() : Optional.of(rows.date(row));
    }

    /** Puts a date in, of which the milliseconds are kept, unless a later one stands there. */
    void moveForward(Scope scope, String text, Instant date) {
        Fingerprint print = Fingerprint.of(text);
        int row = find(scope, print);
        if (row != RowIndex.NONE) {
            if (!isExpired(row) && (rows.date(row).isAfter(date) || isThere(row, date))) {
                return;
            }
            forget(row);
        }
        shed();
        if (next - oldest == rows.count()) {
            makeRoom();
        }
        int added = rows.at(next++);
        rows.put(added, shared(scope), print, date, time.nanos());
        index.add(added);
        size++;
    }

    /** Those of this text that have not expired, in any scope, oldest first; looks at every row. */
    void forEach(String text, BiConsumer<Scope, Instant> each) {
        Fingerprint print = Fingerprint.of(text);
        for (long number = oldest; number < next; number++) {
            int row = rows.at(number);
            if (rows.is(row, print) && !isExpired(row)) {
                each.accept(rows.scope(row), rows.date(row));
            }
        }
    }

    int size() {
        return size;
    }

    private int find(Scope scope, Fingerprint print) {
        return index.find(
                Rows.hash(scope, print),
                row -> rows.is(row, print) && rows.scope(row).equals(scope));
    }

    /** Its place in the ring becomes free when all that are older have gone. */
    private void forget(int row) {
        index.remove(row);
        rows.clear(row);
        size--;
    }

    private void shed() {
        while (oldest < next) {
            int row = rows.at(oldest);
            if (rows.isTaken(row)) {
                if (!isExpired(row)) {
                    return;
                }
                forget(row);
            }
            oldest++;
        }
    }

    private void makeRoom() {
        if (rows.count() == mostRows) {
            int row = rows.at(oldest++);
            if (rows.isTaken(row)) {
                forget(row);
            }
            return;
        }
        Rows former = rows;
        rows = new Rows(2 * former.count());
        index = new RowIndex(rows.count(), rows::hash);
        for (long number = oldest; number < next; number++) {
            int row = rows.at(number);
            rows.copy(row, former, former.at(number));
            if (rows.isTaken(row)) {
                index.add(row);
            }
        }
    }

    /** Each leaf of a root event puts the same date in: a row for each would push the other root events out. */
    private boolean isThere(int row, Instant date) {
        return rows.isDated(row, date) && time.nanos() - rows.putNanos(row) < ttlNanos / YOUNG_PART;
    }

    private boolean isExpired(int row) {
        return time.nanos() - rows.putNanos(row) >= ttlNanos;
    }

    private Scope shared(Scope scope) {
        if (scopes.size() >= MOST_SCOPES) {
            scopes.clear();
        }
        Scope known = scopes.putIfAbsent(scope, scope);
        return known == null ? scope : known;
    }
}
