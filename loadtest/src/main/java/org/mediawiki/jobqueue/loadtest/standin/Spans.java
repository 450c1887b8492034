package org.mediawiki.jobqueue.loadtest.standin;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The arithmetic of overlapping times: a number of half-open spans, from each start up to, but not including, its end.
 * A span lasts 1 ns at least, however coarse the clock. Immutable.
 */
public final class Spans {

    private final long[] starts;
    private final long[] ends;

    /**
     * Copies nothing, so hand over arrays that nobody else writes.
     *
     * @param starts in any order
     * @param ends as many, each belonging to the start at the same place; {@link Long#MAX_VALUE} where it is open
     */
    public Spans(long[] starts, long[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    /** The most spans that share a moment. */
    public int most() {
        return mostAtStarts(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * The most spans, those that begin then included, that share a moment between two at which one begins. How many go on from before
     * without another that begins does not matter.
     */
    public int mostAtStarts(long from, long to) {
        int[] most = {0};
        atEachStart((start, sharing) -> {
            if (start >= from && start < to) {
                most[0] = Math.max(most[0], sharing);
            }
        });
        return most[0];
    }

    /** How many begin from one moment up to, but not including, another. */
    public long startsBetween(long from, long to) {
        return Arrays.stream(starts)
                .filter(start -> start >= from && start < to)
                .count();
    }

    /** The first start at which more than {@code limit} share the moment; empty where there is none. */
    public OptionalLong firstAbove(int limit) {
        long[] first = {Long.MAX_VALUE};
        atEachStart((start, sharing) -> {
            if (sharing > limit) {
                first[0] = Math.min(first[0], start);
            }
        });
        return first[0] == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first[0]);
    }

    private interface StartVisitor {
        void at(long start, int sharing);
    }

    /** In order; {@code sharing} are those that share the moment, the one that begins included. */
    private void atEachStart(StartVisitor visitor) {
        long[] begun = starts.clone();
        long[] done = new long[ends.length];
        Arrays.setAll(done, i -> lastingEnd(i));
        Arrays.sort(begun);
        Arrays.sort(done);
        int over = 0;
        for (int i = 0; i < begun.length; i++) {
            while (done[over] <= begun[i]) {
                over++;
            }
            visitor.at(begun[i], i + 1 - over);
        }
    }

    /** The sum of all the time that the spans take between two moments, in ns. */
    long busyNanos(long from, long to) {
        long busy = 0;
        for (int i = 0; i < starts.length; i++) {
            busy += Math.max(0, Math.min(lastingEnd(i), to) - Math.max(starts[i], from));
        }
        return busy;
    }

    /** The share of {@code limit} slots that the spans take between two moments. */
    public double utilisation(int limit, long from, long to) {
        if (limit < 1 || to <= from) {
            throw new IllegalArgumentException("no slots in no time: " + limit + ", " + from + " to " + to);
        }
        return busyNanos(from, to) / ((double) limit * (to - from));
    }

    private long lastingEnd(int i) {
        return Math.max(ends[i], starts[i] + 1);
    }
}
