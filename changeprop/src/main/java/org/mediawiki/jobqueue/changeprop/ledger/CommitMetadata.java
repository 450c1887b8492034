package org.mediawiki.jobqueue.changeprop.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * {@link FinishedAbove} as the text that a Kafka commit carries: a version, then in Base64 the distances between the
 * bounds, counted from the committed offset: as variable-length integers (LEB128), or, where those do not fit, as
 * {@link DistanceBits}. Who knows the first version alone takes the second for nothing finished, which is safe and dear.
 *
 * <p>A broker takes {@code offset.metadata.max.bytes} at most. What does not fit is forgotten, the shortest runs first:
 * those jobs would run again after a crash, but nothing ever stalls for it.
 */
public final class CommitMetadata {

    /** The broker's default for {@code offset.metadata.max.bytes}. */
    public static final int DEFAULT_MAX_CHARS = 4096;

    private static final String IN_BYTES = "f1:";
    private static final String IN_BITS = "f2:";

    private CommitMetadata() {}

    /** At most {@code maxChars} characters; empty where nothing is finished out of order, or nothing fits. */
    public static String encode(long committed, FinishedAbove finished, int maxChars) {
        int maxBytes = Math.max(0, (maxChars - IN_BYTES.length()) * 3 / 4);
        FinishedAbove kept = finished;
        for (long atLeast = 2; !kept.isNothing(); atLeast *= 2) {
            long[] distances = distances(committed, kept);
            byte[] bytes = toBytes(distances);
            if (bytes.length <= maxBytes) {
                return text(IN_BYTES, bytes);
            }
            byte[] bits = DistanceBits.encode(distances);
            if (bits.length <= maxBytes) {
                return text(IN_BITS, bits);
            }
            kept = kept.runsOfAtLeast(atLeast);
        }
        return "";
    }

    /** What {@code metadata} says; nothing where it is empty, somebody else's, or damaged. */
    public static FinishedAbove decode(long committed, String metadata) {
        try {
            if (metadata.startsWith(IN_BYTES)) {
                return finished(committed, fromBytes(payload(metadata)));
            }
            if (metadata.startsWith(IN_BITS)) {
                return finished(committed, DistanceBits.decode(payload(metadata)));
            }
            return FinishedAbove.NOTHING;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return FinishedAbove.NOTHING;
        }
    }

    /**
     * What either of two commits at {@code committed} says, in no more characters than the longer one has: brokers have
     * taken those, and may take no more.
     */
    public static String together(long committed, String one, String other) {
        FinishedAbove both = decode(committed, one).and(decode(committed, other));
        return encode(committed, both, Math.max(one.length(), other.length()));
    }

    private static String text(String version, byte[] payload) {
        return version + Base64.getEncoder().withoutPadding().encodeToString(payload);
    }

    private static byte[] payload(String metadata) {
        return Base64.getDecoder().decode(metadata.substring(IN_BYTES.length()));
    }

    private static long[] distances(long committed, FinishedAbove finished) {
        long[] distances = finished.bounds();
        long last = committed;
        for (int i = 0; i < distances.length; i++) {
            long bound = distances[i];
            distances[i] = bound - last;
            last = bound;
        }
        return distances;
    }

    private static FinishedAbove finished(long committed, long[] distances) {
        if (distances.length % 2 != 0) {
            throw new IllegalArgumentException("a run has no end");
        }
        long[] bounds = new long[distances.length];
        long last = committed;
        for (int i = 0; i < bounds.length; i++) {
            if (distances[i] < 0 || (distances[i] == 0 && i > 0)) {
                throw new IllegalArgumentException("bounds do not rise");
            }
            last = Math.addExact(last, distances[i]);
            bounds[i] = last;
        }
        return FinishedAbove.ofBounds(bounds);
    }

    private static byte[] toBytes(long[] distances) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long distance : distances) {
            writeVarint(out, distance);
        }
        return out.toByteArray();
    }

    private static long[] fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long[] distances = new long[bytes.length];
        int count = 0;
        while (in.hasRemaining()) {
            distances[count++] = readVarint(in);
        }
        return Arrays.copyOf(distances, count);
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!in.hasRemaining()) {
                throw new IllegalArgumentException("cut short");
            }
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}
