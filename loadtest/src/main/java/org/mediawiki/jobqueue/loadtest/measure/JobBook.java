package org.mediawiki.jobqueue.loadtest.measure;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;
import org.mediawiki.jobqueue.loadtest.standin.IdTable;

/**
 * Every job that was produced: when it was to start at the earliest, and how often it was sent. About 40 bytes a job.
 * The generator's thread writes, the command's thread reads when that has ended.
 */
final class JobBook {

    private final IdTable ids = new IdTable();
    private final BitSet timed = new BitSet();
    private long[] from = new long[1024];
    private short[] copies = new short[1024];

    /**
     * A job is produced (again).
     *
     * @param fromNanos when it was to be produced, or is due, by the ledger's clock
     * @param isTimed whether its latency tells something: not for one of a backlog
     */
    void add(String id, long fromNanos, boolean isTimed) {
        int number = ids.numberOf(id);
        if (number == from.length) {
            from = Arrays.copyOf(from, number * 2);
            copies = Arrays.copyOf(copies, number * 2);
        }
        if (copies[number]++ == 0) {
            from[number] = fromNanos;
            timed.set(number, isTimed);
        }
    }

    int size() {
        return ids.size();
    }

    /** How many were to start by then. */
    long dueBy(long nanos) {
        return Arrays.stream(from, 0, size()).filter(at -> at <= nanos).count();
    }

    OptionalInt find(String id) {
        return ids.find(id);
    }

    String id(int number) {
        return ids.textOf(number);
    }

    long fromNanos(int number) {
        return from[number];
    }

    boolean isTimed(int number) {
        return timed.get(number);
    }

    /** How often the job was sent. */
    int copies(int number) {
        return copies[number];
    }
}
