package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Several ranges of stores, each of one type and so in order of due time, merged into one such order. To be closed.
 *
 * <p>A store does not tell a key without the event. So the first event of each range is in memory, unless it is large:
 * there may be hundreds of ranges, and a large one is read again in its turn.
 */
final class ByDue implements AutoCloseable {

    /** Nearly all events are smaller. */
    private static final int MOST_KEPT_BYTES = 16 * 1024;

    private static final Comparator<Range> ORDER =
            Comparator.comparing(Range::head, StoreKey.BY_DUE).thenComparing(Range::partition);

    private final PriorityQueue<Range> ranges = new PriorityQueue<>(ORDER);
    private final Set<KeyValueIterator<byte[], byte[]>> open = new HashSet<>();

    /** Something that waits. */
    record Entry(int partition, StoreKey key, StoredEvent event) {}

    private record Source(int partition, ReadOnlyKeyValueStore<byte[], byte[]> store) {}

    /** @param kept empty where what stands at {@code head} is large */
    private record Range(Source source, StoreKey head, Optional<Kept> kept) {
        int partition() {
            return source.partition();
        }
    }

    /** @param rest what follows {@code first} */
    private record Kept(KeyValue<byte[], byte[]> first, KeyValueIterator<byte[], byte[]> rest) {}

    /** Takes up what a store has of the type of {@code from}, from there on. */
    void add(int partition, ReadOnlyKeyValueStore<byte[], byte[]> store, StoreKey from) {
        begin(new Source(partition, store), from);
    }

    /** The key of what comes next. */
    Optional<StoreKey> peek() {
        return Optional.ofNullable(ranges.peek()).map(Range::head);
    }

    /** What {@link #peek} tells, and the partition that it is in. */
    Optional<WaitingId> peekId() {
        return Optional.ofNullable(ranges.peek()).map(range -> WaitingId.of(range.partition(), range.head()));
    }

    /** What comes next, empty where it was removed meanwhile; only where {@link #peek} tells of something. */
    Optional<Entry> next() {
        Range first = ranges.remove();
        return value(first).map(bytes -> new Entry(first.partition(), first.head(), StoredEvent.of(bytes)));
    }

    /** Passes over the rest of a type. */
    void leaveOut(String type) {
        ranges.removeIf(range -> range.head().type().equals(type));
    }

    /** The first key of each type that has something left. */
    List<StoreKey> heads() {
        return ranges.stream().map(Range::head).toList();
    }

    @Override
    public void close() {
        open.forEach(KeyValueIterator::close);
    }

    private Optional<byte[]> value(Range first) {
        Source source = first.source();
        if (first.kept().isPresent()) {
            Kept kept = first.kept().get();
            queue(source, kept.rest());
            return Optional.of(kept.first().value);
        }
        // The range first: what follows may be as large, and is let go before this one is read.
        begin(source, first.head().following());
        return Optional.ofNullable(source.store().get(first.head().bytes()));
    }

    private void begin(Source source, StoreKey from) {
        KeyValueIterator<byte[], byte[]> range =
                source.store().range(from.bytes(), StoreKey.last(from.type()).bytes());
        open.add(range);
        queue(source, range);
    }

    private void queue(Source source, KeyValueIterator<byte[], byte[]> range) {
        if (!range.hasNext()) {
            return;
        }
        KeyValue<byte[], byte[]> first = range.next();
        StoreKey head = StoreKey.trusted(first.key);
        if (first.value.length <= MOST_KEPT_BYTES) {
            ranges.add(new Range(source, head, Optional.of(new Kept(first, range))));
        } else {
            // An iterator holds what it told last.
            open.remove(range);
            range.close();
            ranges.add(new Range(source, head, Optional.empty()));
        }
    }
}
