package org.mediawiki.jobqueue.changeprop.kafka;

/** What a client's buffers may take of the heap: as much as is of use, less where the heap is small. */
final class HeapParts {

    private static final int MEBIBYTE = 1024 * 1024;

    /** A 64th: one for each broker may be on its way, and another be read. */
    private static final int FETCH_PART = 64;

    private static final int PRODUCER_PART = 10;

    /** What a producer may send at once, and a little: a larger record than its buffer it would refuse. */
    private static final int LEAST_PRODUCER_BYTES = 18 * MEBIBYTE;

    private HeapParts() {}

    /** The size of an answer of one broker; a larger record still comes, alone. */
    static int fetchBytes(int most) {
        return (int) Math.max(MEBIBYTE, Math.min(most, heap() / FETCH_PART));
    }

    /** The size of a producer's buffer. */
    static long producerBytes(int most) {
        return Math.max(LEAST_PRODUCER_BYTES, Math.min(most, heap() / PRODUCER_PART));
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }
}
