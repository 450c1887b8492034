package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/**
 * Names one that waits, for as long as it waits. Its text (URL-safe Base64) is what people and programs pass on.
 *
 * @param partition of the scheduled topic
 */
public record WaitingId(int partition, String type, long dueMillis, long seq) {

    /** The order of all lists: due time, type, seq, partition. Where one goes on is told by an id: whoever merges keeps to it. */
    public static final Comparator<WaitingId> BY_DUE =
            Comparator.comparing(WaitingId::key, StoreKey.BY_DUE).thenComparing(WaitingId::partition);

    static WaitingId of(int partition, StoreKey key) {
        return new WaitingId(partition, key.type(), key.dueMillis(), key.seq());
    }

    /** Empty where {@code text} names nothing that could wait. */
    public static Optional<WaitingId> parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() < Integer.BYTES) {
                return Optional.empty();
            }
            int partition = bytes.getInt();
            byte[] key = new byte[bytes.remaining()];
            bytes.get(key);
            return partition < 0 ? Optional.empty() : StoreKey.of(key).map(k -> of(partition, k));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    public String text() {
        byte[] key = key().bytes();
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES + key.length)
                .putInt(partition)
                .put(key)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    StoreKey key() {
        return new StoreKey(type, dueMillis, seq);
    }

    @Override
    public String toString() {
        return text();
    }
}
