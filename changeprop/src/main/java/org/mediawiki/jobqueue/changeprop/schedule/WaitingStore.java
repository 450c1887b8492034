package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What waits in one partition. Owned by the task's thread; only its index may be read by others. */
final class WaitingStore {

    private final int partition;
    private final KeyValueStore<byte[], byte[]> events;
    private final KeyValueStore<String, Long> counts;
    private final TypeIndex index = new TypeIndex();

    /**
     * @param counts how many of each type; as exact as the processing guarantee
     * @param recount whether {@code counts} cannot be relied on: counting walks over everything
     */
    WaitingStore(
            int partition, KeyValueStore<byte[], byte[]> events, KeyValueStore<String, Long> counts, boolean recount) {
        this.partition = partition;
        this.events = events;
        this.counts = counts;
        readTypes(recount);
    }

    TypeIndex index() {
        return index;
    }

    /**
     * Keeps an event. The same event under the same key is kept once: its record was read again. Another one that has
     * the key already (the scheduled topic was made anew, so offsets come again) does not lose its place.
     */
    void add(StoreKey wanted, StoredEvent event) {
        byte[] value = event.bytes();
        StoreKey key = wanted;
        byte[] there = events.putIfAbsent(key.bytes(), value);
        while (there != null && !Arrays.equals(there, value)) {
            key = new StoreKey(key.type(), key.dueMillis(), key.seq() + 1);
            there = events.putIfAbsent(key.bytes(), value);
        }
        if (there == null) {
            index.added(key);
            rememberCount(key.type());
        }
    }

    Optional<StoredEvent> get(StoreKey key) {
        return Optional.ofNullable(events.get(key.bytes())).map(StoredEvent::of);
    }

    void remove(StoreKey key) {
        if (events.delete(key.bytes()) != null) {
            index.removed(key);
            rememberCount(key.type());
        }
    }

    /** What waits of these types, in order of due time, as of now. To be closed. */
    ByDue waiting(List<String> types) {
        ByDue merged = new ByDue();
        for (String type : types) {
            byte[] from = index.floor(type).orElse(StoreKey.first(type)).bytes();
            merged.add(partition, events.range(from, StoreKey.last(type).bytes()));
        }
        return merged;
    }

    /** A scan found that the first of its type is {@code key}. */
    void startsAt(StoreKey key) {
        index.raise(key);
    }

    /** A scan found nothing of the type, whatever was counted. */
    void isEmpty(String type) {
        index.empty(type);
        counts.delete(type);
    }

    private void rememberCount(String type) {
        long count = index.count(type);
        if (count == 0) {
            counts.delete(type);
        } else {
            counts.put(type, count);
        }
    }

    /** From the first key of a type right to the first key of the next one. */
    private void readTypes(boolean recount) {
        Optional<StoreKey> first = firstFrom(new byte[] {0});
        while (first.isPresent()) {
            StoreKey key = first.orElseThrow();
            Long remembered = recount ? null : counts.get(key.type());
            index.put(key, remembered == null ? counted(key) : remembered);
            rememberCount(key.type());
            first = firstFrom((key.type() + '\u0001').getBytes(StandardCharsets.UTF_8));
        }
    }

    private Optional<StoreKey> firstFrom(byte[] from) {
        try (KeyValueIterator<byte[], byte[]> found = events.range(from, null)) {
            return found.hasNext() ? Optional.of(StoreKey.trusted(found.peekNextKey())) : Optional.empty();
        }
    }

    private long counted(StoreKey first) {
        long count = 0;
        try (KeyValueIterator<byte[], byte[]> all =
                events.range(first.bytes(), StoreKey.last(first.type()).bytes())) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> ignored = all.next();
                count++;
            }
        }
        return count;
    }
}
