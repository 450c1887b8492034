package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;

/**
 * The store's key: the job type in UTF-8, a zero, then {@code due} and {@code seq} with 8 bytes each, the highest first.
 * So the store's order is that of due times within a type.
 *
 * @param dueMillis when it is due, in milliseconds of the epoch; 0 at least
 * @param seq tells events apart that are due at once: the offset in the scheduled topic, then a hash
 */
record StoreKey(String type, long dueMillis, long seq) {

    static final Comparator<StoreKey> BY_DUE = Comparator.comparingLong(StoreKey::dueMillis)
            .thenComparing(StoreKey::type)
            .thenComparing(StoreKey::seq);

    private static final int NUMBERS = 1 + 2 * Long.BYTES;

    StoreKey {
        dueMillis = Math.max(0, dueMillis);
    }

    /** Not above any key of the type. */
    static StoreKey first(String type) {
        return new StoreKey(type, 0, 0);
    }

    /** Not below any key of the type. */
    static StoreKey last(String type) {
        return new StoreKey(type, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** The lowest key of the type that is above this one. */
    StoreKey following() {
        return new StoreKey(type, dueMillis, seq + 1);
    }

    byte[] bytes() {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + NUMBERS)
                .put(name)
                .put((byte) 0)
                .putLong(dueMillis)
                .putLong(seq)
                .array();
    }

    /** Empty where the bytes are no key of ours. */
    static Optional<StoreKey> of(byte[] bytes) {
        int nameLength = bytes.length - NUMBERS;
        if (nameLength < 1 || bytes[nameLength] != 0) {
            return Optional.empty();
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes, nameLength + 1, 2 * Long.BYTES);
        String type = new String(bytes, 0, nameLength, StandardCharsets.UTF_8);
        return Optional.of(new StoreKey(type, numbers.getLong(), numbers.getLong()));
    }

    /** As {@link #of}, for bytes that this class made. */
    static StoreKey trusted(byte[] bytes) {
        return of(bytes).orElseThrow(() -> new IllegalStateException("the store holds a key that is none"));
    }
}
