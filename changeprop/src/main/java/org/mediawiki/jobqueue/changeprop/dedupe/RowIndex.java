package org.mediawiki.jobqueue.changeprop.dedupe;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Finds the rows of a table by their hash, in 8 bytes each: open addressing with linear probing, never more than half
 * full (Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithms L and R). Used by one thread.
 */
final class RowIndex {

    static final int NONE = -1;

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final IntUnaryOperator hashOf;
    private final int[] slots;
    private final int shift;

    /**
     * @param rows how many the table has room for, a power of two
     * @param hashOf knows the hash of every row that is in the index
     */
    RowIndex(int rows, IntUnaryOperator hashOf) {
        this.hashOf = hashOf;
        this.slots = new int[2 * rows];
        this.shift = Integer.numberOfLeadingZeros(slots.length - 1);
        Arrays.fill(slots, NONE);
    }

    /** The row with this hash that {@code isIt}, or {@link #NONE}. */
    int find(int hash, IntPredicate isIt) {
        int slot = home(hash);
        while (slots[slot] != NONE && !isIt.test(slots[slot])) {
            slot = after(slot);
        }
        return slots[slot];
    }

    /** Adds a row that is not in it. */
    void add(int row) {
        int slot = home(hashOf.applyAsInt(row));
        while (slots[slot] != NONE) {
            slot = after(slot);
        }
        slots[slot] = row;
    }

    /** Removes a row that is in it; what was pushed past its slot moves up, so that no gap ends a search too early. */
    void remove(int row) {
        int gap = home(hashOf.applyAsInt(row));
        while (slots[gap] != row) {
            gap = after(gap);
        }
        for (int slot = after(gap); slots[slot] != NONE; slot = after(slot)) {
            int home = home(hashOf.applyAsInt(slots[slot]));
            boolean mayMove = gap <= slot ? home <= gap || home > slot : home <= gap && home > slot;
            if (mayMove) {
                slots[gap] = slots[slot];
                gap = slot;
            }
        }
        slots[gap] = NONE;
    }

    private int home(int hash) {
        return (hash * GOLDEN_RATIO) >>> shift;
    }

    private int after(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
