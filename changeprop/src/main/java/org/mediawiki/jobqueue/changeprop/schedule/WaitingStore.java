package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.charset.StandardCharsets;
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
    private final boolean exactlyOnce;
    private final TypeIndex index = new TypeIndex();

    /**
     * @param counts how many of each type; as exact as the processing guarantee
     * @param exactlyOnce whether every record is read once; otherwise some come again, and counting walks over
     *     everything
     */
    WaitingStore(
            int partition,
            KeyValueStore<byte[], byte[]> events,
            KeyValueStore<String, Long> counts,
            boolean exactlyOnce) {
        this.partition = partition;
        this.events = events;
        this.counts = counts;
        this.exactlyOnce = exactlyOnce;
        readTypes();
    }

    TypeIndex index() {
        return index;
    }

    /** Keeps an event under a key of its own. Nothing is looked for that cannot be there: that took half the time. */
    void add(StoreKey key, StoredEvent event) {
        byte[] bytes = key.bytes();
        if (exactlyOnce || events.get(bytes) == null) {
            index.added(key);
            rememberCount(key.type());
        }
        events.put(bytes, event.bytes());
    }

    Optional<StoredEvent> get(StoreKey key) {
        return Optional.ofNullable(events.get(key.bytes())).map(StoredEvent::of);
    }

    /** Only what is there: it is not looked for. */
    void remove(StoreKey key) {
        events.put(key.bytes(), null);
        index.removed(key);
        rememberCount(key.type());
    }

    /** What waits of these types, in order of due time. To be closed before anything is added. */
    ByDue waiting(List<String> types) {
        ByDue merged = new ByDue();
        for (String type : types) {
            merged.add(partition, events, index.floor(type).orElse(StoreKey.first(type)));
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
    private void readTypes() {
        Optional<StoreKey> first = firstFrom(new byte[] {0});
        while (first.isPresent()) {
            StoreKey key = first.orElseThrow();
            Long remembered = exactlyOnce ? counts.get(key.type()) : null;
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
