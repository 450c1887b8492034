package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ranges of a store that knows what it has told, and how much of that is still held. */
final class ByDueTest {

    private static final int SMALL = 1_000;
    private static final int LARGE = 1 << 20;

    private final CountingStore store = new CountingStore();

    @Test
    void theEventsOfAllRangesComeInOrderWhateverTheirSize() {
        for (int seq = 0; seq < 60; seq++) {
            store.put(key("type " + seq % 4, seq / 7, seq), seq % 3 == 0 ? LARGE : SMALL);
        }

        List<StoreKey> found = new ArrayList<>();
        try (ByDue merged = all()) {
            while (merged.peek().isPresent()) {
                ByDue.Entry entry = merged.next().orElseThrow();
                found.add(entry.key());
                assertThat(entry.event().payload().length())
                        .isEqualTo(entry.key().seq() % 3 == 0 ? LARGE : SMALL);
            }
        }

        assertThat(found).hasSize(60).isSortedAccordingTo(StoreKey.BY_DUE);
        assertThat(store.open).isZero();
    }

    @Test
    void aLargeEventIsInMemoryInItsTurnAlone() {
        for (int seq = 0; seq < 40; seq++) {
            store.put(key("type " + seq % 20, 0, seq), LARGE);
        }

        try (ByDue merged = all()) {
            assertThat(store.held()).as("before the first").isZero();
            merged.next();
            assertThat(store.held()).as("after the first").isZero();
        }

        assertThat(store.open).isZero();
    }

    @Test
    void asUsualEachEventIsReadOnce() {
        for (int seq = 0; seq < 40; seq++) {
            store.put(key("type " + seq % 4, 0, seq), SMALL);
        }

        try (ByDue merged = all()) {
            while (merged.peek().isPresent()) {
                merged.next();
            }
        }

        assertThat(store.told).hasSize(40);
    }

    @Test
    void aLargeEventThatIsRemovedBeforeItsTurnIsPassedOver() {
        store.put(key("a", 0, 1), LARGE);
        store.put(key("a", 0, 2), SMALL);

        try (ByDue merged = all()) {
            store.remove(key("a", 0, 1));

            assertThat(merged.next()).isEmpty();
            assertThat(merged.next()).map(ByDue.Entry::key).contains(key("a", 0, 2));
            assertThat(merged.peek()).isEmpty();
        }
    }

    private ByDue all() {
        ByDue merged = new ByDue();
        store.types().forEach(type -> merged.add(0, store, StoreKey.first(type)));
        return merged;
    }

    private static StoreKey key(String type, long due, long seq) {
        return new StoreKey(type, due, seq);
    }

    /** Every value is made when it is asked for; an iterator holds what it told last, as those of RocksDB do. */
    private static final class CountingStore implements ReadOnlyKeyValueStore<byte[], byte[]> {

        private final TreeMap<byte[], Integer> sizes = new TreeMap<>(Arrays::compareUnsigned);
        private final List<WeakReference<byte[]>> told = new ArrayList<>();
        private int open;

        void put(StoreKey key, int size) {
            sizes.put(key.bytes(), size);
        }

        void remove(StoreKey key) {
            sizes.remove(key.bytes());
        }

        List<String> types() {
            return sizes.keySet().stream()
                    .map(key -> StoreKey.trusted(key).type())
                    .distinct()
                    .toList();
        }

        /** How many values are reachable. */
        long held() {
            System.gc();
            return told.stream().filter(value -> !value.refersTo(null)).count();
        }

        private byte[] tell(int size) {
            byte[] value = new StoredEvent(Reason.RETRY, "topic", 0, Buffer.buffer(new byte[size])).bytes();
            told.add(new WeakReference<>(value));
            return value;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return Optional.ofNullable(sizes.get(key)).map(this::tell).orElse(null);
        }

        @Override
        public KeyValueIterator<byte[], byte[]> range(byte[] from, byte[] to) {
            open++;
            return new Told(
                    new TreeMap<>(sizes.subMap(from, true, to, true)).entrySet().iterator());
        }

        @Override
        public KeyValueIterator<byte[], byte[]> all() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long approximateNumEntries() {
            return sizes.size();
        }

        private final class Told implements KeyValueIterator<byte[], byte[]> {

            private final Iterator<Map.Entry<byte[], Integer>> rest;

            @SuppressWarnings("UnusedVariable")
            private @Nullable KeyValue<byte[], byte[]> last;

            Told(Iterator<Map.Entry<byte[], Integer>> rest) {
                this.rest = rest;
            }

            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public KeyValue<byte[], byte[]> next() {
                Map.Entry<byte[], Integer> next = rest.next();
                KeyValue<byte[], byte[]> found = KeyValue.pair(next.getKey(), tell(next.getValue()));
                last = found;
                return found;
            }

            @Override
            public byte[] peekNextKey() {
                throw new UnsupportedOperationException("it would read the event as well");
            }

            @Override
            public void close() {
                open--;
            }
        }
    }
}
