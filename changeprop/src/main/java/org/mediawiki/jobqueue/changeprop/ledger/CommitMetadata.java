package org.mediawiki.jobqueue.changeprop.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * {@link FinishedAbove} as the text that a Kafka commit carries: a version, then in Base64 the distances between the
 * bounds as variable-length integers (LEB128), counted from the committed offset.
 *
 * <p>A broker takes {@code offset.metadata.max.bytes} at most. What does not fit is forgotten, the shortest runs first:
 * those jobs would run again after a crash, but nothing ever stalls for it.
 */
public final class CommitMetadata {

    /** The broker's default for {@code offset.metadata.max.bytes}. */
    public static final int DEFAULT_MAX_CHARS = 4096;

    private static final String VERSION = "f1:";

    private CommitMetadata() {}

    /** At most {@code maxChars} characters; empty where nothing is finished out of order, or nothing fits. */
    public static String encode(long committed, FinishedAbove finished, int maxChars) {
        int maxBytes = Math.max(0, (maxChars - VERSION.length()) * 3 / 4);
        FinishedAbove kept = finished;
        byte[] bytes = distances(committed, kept);
        for (long atLeast = 2; bytes.length > maxBytes; atLeast *= 2) {
            kept = kept.runsOfAtLeast(atLeast);
            bytes = distances(committed, kept);
        }
        return kept.isNothing()
                ? ""
                : VERSION + Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What {@code metadata} says; nothing where it is empty, somebody else's, or damaged. */
    public static FinishedAbove decode(long committed, String metadata) {
        if (!metadata.startsWith(VERSION)) {
            return FinishedAbove.NOTHING;
        }
        try {
            return bounds(committed, ByteBuffer.wrap(Base64.getDecoder().decode(metadata.substring(VERSION.length()))));
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

    private static byte[] distances(long committed, FinishedAbove finished) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long last = committed;
        for (long bound : finished.bounds()) {
            writeVarint(out, bound - last);
            last = bound;
        }
        return out.toByteArray();
    }

    private static FinishedAbove bounds(long committed, ByteBuffer in) {
        long[] bounds = new long[in.remaining()];
        int count = 0;
        long last = committed;
        while (in.hasRemaining()) {
            long distance = readVarint(in);
            if (distance < 0 || (distance == 0 && count > 0)) {
                throw new IllegalArgumentException("bounds do not rise");
            }
            last = Math.addExact(last, distance);
            bounds[count++] = last;
        }
        if (count % 2 != 0) {
            throw new IllegalArgumentException("a run has no end");
        }
        return FinishedAbove.ofBounds(Arrays.copyOf(bounds, count));
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
