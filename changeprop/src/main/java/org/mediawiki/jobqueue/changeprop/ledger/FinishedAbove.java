package org.mediawiki.jobqueue.changeprop.ledger;

import java.util.Arrays;

/**
 * The runs of offsets that are finished although something below them is open; travels in the commit's metadata so
 * that whoever owns the partition next does not run them again. Immutable.
 */
public final class FinishedAbove {

    /** Nothing is finished out of order. */
    public static final FinishedAbove NOTHING = new FinishedAbove(new long[0]);

    /** Rising bounds: a run begins at every even index and ends before the offset at the odd index behind it. */
    private final long[] bounds;

    private FinishedAbove(long[] bounds) {
        this.bounds = bounds;
    }

    /** Bounds as described there; used by {@link CommitMetadata}. */
    static FinishedAbove ofBounds(long[] bounds) {
        return bounds.length == 0 ? NOTHING : new FinishedAbove(bounds);
    }

    static Builder builder(long committed) {
        return new Builder(committed);
    }

    boolean contains(long offset) {
        return indexOfRunWith(offset) >= 0;
    }

    /** Where the run that holds {@code offset} ends; {@code offset} itself where none does. */
    long runEnd(long offset) {
        int run = indexOfRunWith(offset);
        return run < 0 ? offset : bounds[run + 1];
    }

    /** What of it lies at or above {@code offset}. */
    FinishedAbove from(long offset) {
        int first = 0;
        while (first < bounds.length && bounds[first + 1] <= offset) {
            first += 2;
        }
        if (first == 0) {
            return this;
        }
        return ofBounds(Arrays.copyOfRange(bounds, first, bounds.length));
    }

    /** What of it lies in runs of at least {@code length} offsets. */
    FinishedAbove runsOfAtLeast(long length) {
        long[] kept = new long[bounds.length];
        int count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i + 1] - bounds[i] >= length) {
                kept[count++] = bounds[i];
                kept[count++] = bounds[i + 1];
            }
        }
        return ofBounds(Arrays.copyOf(kept, count));
    }

    /** What is finished by this one or by the other. */
    FinishedAbove and(FinishedAbove other) {
        Builder both = new Builder(0);
        int here = 0;
        int there = 0;
        while (here < bounds.length || there < other.bounds.length) {
            if (there == other.bounds.length || (here < bounds.length && bounds[here] <= other.bounds[there])) {
                both.addRun(bounds[here], bounds[here + 1]);
                here += 2;
            } else {
                both.addRun(other.bounds[there], other.bounds[there + 1]);
                there += 2;
            }
        }
        return both.runs();
    }

    boolean isNothing() {
        return bounds.length == 0;
    }

    /** A copy, see {@link #ofBounds}. */
    long[] bounds() {
        return bounds.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FinishedAbove that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("finished");
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(" [")
                    .append(bounds[i])
                    .append(", ")
                    .append(bounds[i + 1])
                    .append(')');
        }
        return text.toString();
    }

    /** The index of the lower bound of the run; negative where there is none. */
    private int indexOfRunWith(long offset) {
        int found = Arrays.binarySearch(bounds, offset);
        int bound = found >= 0 ? found : -found - 2;
        return bound >= 0 && bound % 2 == 0 ? bound : -1;
    }

    /** Collects runs from the open offsets between them. */
    static final class Builder {

        private long[] bounds = new long[16];
        private int count;
        private long from;

        private Builder(long committed) {
            this.from = committed;
        }

        /** {@code offset} is open. Offsets must rise. */
        void open(long offset) {
            addRun(from, offset);
            from = offset + 1;
        }

        /** Everything up to {@code position} that was not said to be open is finished, and so is {@code above}. */
        FinishedAbove build(long position, FinishedAbove above) {
            addRun(from, position);
            FinishedAbove rest = above.from(position);
            for (int i = 0; i < rest.bounds.length; i += 2) {
                addRun(Math.max(position, rest.bounds[i]), rest.bounds[i + 1]);
            }
            return runs();
        }

        private FinishedAbove runs() {
            return ofBounds(Arrays.copyOf(bounds, count));
        }

        /** Starts must not fall. */
        private void addRun(long start, long end) {
            if (start >= end) {
                return;
            }
            if (count > 0 && start <= bounds[count - 1]) {
                bounds[count - 1] = Math.max(bounds[count - 1], end);
                return;
            }
            if (count == bounds.length) {
                bounds = Arrays.copyOf(bounds, count * 2);
            }
            bounds[count++] = start;
            bounds[count++] = end;
        }
    }
}
