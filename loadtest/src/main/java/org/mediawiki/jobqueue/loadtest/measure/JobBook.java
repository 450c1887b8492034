package org.mediawiki.jobqueue.loadtest.measure;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mediawiki.jobqueue.loadtest.standin.IdTable;

/**
 * Every job that was produced: when it was to start at the earliest, and how often it was sent. About 50 bytes a job.
 * The generator's thread writes, the command's thread reads when that has ended; jobs may be refused on any thread.
 */
final class JobBook {

    private final IdTable ids = new IdTable();
    private final BitSet timed = new BitSet();
    private final BitSet delayed = new BitSet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private long[] from = new long[1024];
    private long[] sent = new long[1024];
    private short[] copies = new short[1024];

    /**
     * A job is produced (again).
     *
     * @param fromNanos when it was to be produced, or is due, by the ledger's clock
     * @param isTimed whether its latency tells something: not for one of a backlog
     */
    void add(String id, long fromNanos, boolean isTimed) {
        int number = number(id);
        if (copies[number]++ == 0) {
            from[number] = fromNanos;
            timed.set(number, isTimed);
        }
    }

    /** A job is produced that is due later; both times by the ledger's clock. */
    void addDelayed(String id, long sentNanos, long dueNanos) {
        add(id, dueNanos, true);
        int number = number(id);
        delayed.set(number);
        sent[number] = sentNanos;
    }

    /** Kafka did not acknowledge it. Any thread. */
    void refuse(String id) {
        refused.add(id);
    }

    /** How many Kafka did not acknowledge. */
    int refused() {
        return refused.size();
    }

    /** Nothing is owed of what Kafka did not acknowledge, though it may stand there all the same. */
    boolean isOwed(int number) {
        return refused.isEmpty() || !refused.contains(id(number));
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

    /** Whether it is one that was due later, and was sent from {@code fromNanos} to {@code toNanos}. */
    boolean isDelayedAndSent(int number, long fromNanos, long toNanos) {
        return delayed.get(number) && sent[number] >= fromNanos && sent[number] <= toNanos;
    }

    boolean isTimed(int number) {
        return timed.get(number);
    }

    /** How often the job was sent. */
    int copies(int number) {
        return copies[number];
    }

    private int number(String id) {
        int number = ids.numberOf(id);
        if (number == from.length) {
            from = Arrays.copyOf(from, number * 2);
            sent = Arrays.copyOf(sent, number * 2);
            copies = Arrays.copyOf(copies, number * 2);
        }
        return number;
    }
}
