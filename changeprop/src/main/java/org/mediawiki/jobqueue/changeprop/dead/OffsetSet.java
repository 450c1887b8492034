package org.mediawiki.jobqueue.changeprop.dead;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** Offsets of one partition: a bit for each, where many lie close together. Not for several threads. */
final class OffsetSet {

    private static final int BLOCK = 4096;

    private final Map<Long, BitSet> blocks = new HashMap<>();

    void add(long offset) {
        blocks.computeIfAbsent(offset / BLOCK, ignored -> new BitSet()).set((int) (offset % BLOCK));
    }

    void remove(long offset) {
        blocks.computeIfPresent(offset / BLOCK, (ignored, bits) -> {
            bits.clear((int) (offset % BLOCK));
            return bits.isEmpty() ? null : bits;
        });
    }

    boolean contains(long offset) {
        BitSet bits = blocks.get(offset / BLOCK);
        return bits != null && bits.get((int) (offset % BLOCK));
    }

    /** In no order. */
    void forEach(LongConsumer each) {
        blocks.forEach((block, bits) -> bits.stream().forEach(bit -> each.accept(block * BLOCK + bit)));
    }
}
