package org.mediawiki.jobqueue.changeprop.ledger;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The distances between the bounds of finished runs, in few bits: each as an Exp-Golomb code (ITU-T H.264, 9.1) of an order
 * that suits most of its kind, those of what is open and those of what is finished apart. So jobs that are open and finished by
 * turns take a bit each, as in a bitmap, and a run of a million above a slow job some forty, where a bitmap would be as long.
 *
 * <pre>
 *   order of open │ order of finished │ open │ finished │ open │ finished │ ... │ 1
 *      4 bits            4 bits                                               the end
 * </pre>
 *
 * A number of order k: its upper part, counted from 1, after as many zeros as it has bits below its highest; then its k lower
 * bits. Bits go from the lowest of the first byte on.
 */
final class DistanceBits {

    private static final int ORDER_BITS = 4;

    private DistanceBits() {}

    /** All but the first must be positive, and none as large as 2^62: nothing has so many offsets. */
    static byte[] encode(long[] distances) {
        int[] orders = {bestOrder(distances, 0), bestOrder(distances, 1)};
        Writer out = new Writer();
        out.write(orders[0], ORDER_BITS);
        out.write(orders[1], ORDER_BITS);
        for (int i = 0; i < distances.length; i++) {
            out.writeNumber(distances[i] - least(i), orders[i % 2]);
        }
        out.write(1, 1);
        return out.bits.toByteArray();
    }

    /**
     * What {@link #encode} was given.
     *
     * @throws IllegalArgumentException where {@code bytes} are damaged; not every damage is noticed
     */
    static long[] decode(byte[] bytes) {
        Reader in = new Reader(bytes);
        int[] orders = {(int) in.read(ORDER_BITS), (int) in.read(ORDER_BITS)};
        long[] distances = new long[in.left()];
        int count = 0;
        while (in.left() > 0) {
            distances[count] = in.readNumber(orders[count % 2]) + least(count);
            count++;
        }
        return Arrays.copyOf(distances, count);
    }

    /** Bounds rise, but the first may be where counting begins. */
    private static int least(int index) {
        return index == 0 ? 0 : 1;
    }

    /** That in which every second number takes the fewest bits, from the one at {@code first} on. */
    private static int bestOrder(long[] distances, int first) {
        int best = 0;
        long fewest = Long.MAX_VALUE;
        for (int order = 0; order < 1 << ORDER_BITS; order++) {
            long bits = 0;
            for (int i = first; i < distances.length; i += 2) {
                bits += 2L * zeros(distances[i] - least(i), order) + 1 + order;
            }
            if (bits < fewest) {
                fewest = bits;
                best = order;
            }
        }
        return best;
    }

    private static int zeros(long number, int order) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros((number >>> order) + 1);
    }

    private static final class Writer {

        private final BitSet bits = new BitSet();
        private int end;

        void writeNumber(long number, int order) {
            int zeros = zeros(number, order);
            end += zeros;
            write(1, 1);
            // The highest bit is the one above.
            write((number >>> order) + 1, zeros);
            write(number, order);
        }

        /** The lowest {@code width} bits of it. */
        void write(long value, int width) {
            for (int i = 0; i < width; i++) {
                bits.set(end++, ((value >>> i) & 1) == 1);
            }
        }
    }

    private static final class Reader {

        private final BitSet bits;
        private final int end;
        private int at;

        Reader(byte[] bytes) {
            bits = BitSet.valueOf(bytes);
            end = Math.max(0, bits.length() - 1);
        }

        int left() {
            return end - at;
        }

        long readNumber(int order) {
            // There is one at the end, if nowhere before.
            int zeros = bits.nextSetBit(at) - at;
            if (zeros + order > 62) {
                throw new IllegalArgumentException("a number is too long");
            }
            at += zeros;
            long highest = read(1) << zeros;
            long upper = (highest | read(zeros)) - 1;
            return (upper << order) | read(order);
        }

        long read(int width) {
            if (width > left()) {
                throw new IllegalArgumentException("cut short");
            }
            long value = 0;
            for (int i = 0; i < width; i++) {
                if (bits.get(at++)) {
                    value |= 1L << i;
                }
            }
            return value;
        }
    }
}
