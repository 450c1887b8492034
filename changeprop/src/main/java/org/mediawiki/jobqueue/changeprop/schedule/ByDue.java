package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Several ranges of stores, each of one type and so in order of due time, merged into one such order. To be closed. */
final class ByDue implements AutoCloseable {

    private static final Comparator<Range> ORDER =
            Comparator.comparing(Range::head, StoreKey.BY_DUE).thenComparing(Range::partition);

    private final PriorityQueue<Range> ranges = new PriorityQueue<>(ORDER);
    private final List<KeyValueIterator<byte[], byte[]>> toClose = new ArrayList<>();

    /** Something that waits. */
    record Entry(int partition, StoreKey key, StoredEvent event) {}

    private record Range(int partition, StoreKey head, KeyValueIterator<byte[], byte[]> rest) {}

    /** Takes over the iterator, which is closed with this. */
    void add(int partition, KeyValueIterator<byte[], byte[]> range) {
        toClose.add(range);
        queue(partition, range);
    }

    /** The key of what comes next. */
    Optional<StoreKey> peek() {
        return Optional.ofNullable(ranges.peek()).map(Range::head);
    }

    /** What comes next; only where {@link #peek} tells of something. */
    Entry next() {
        Range first = ranges.remove();
        KeyValue<byte[], byte[]> found = first.rest().next();
        queue(first.partition(), first.rest());
        return new Entry(first.partition(), first.head(), StoredEvent.of(found.value));
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
        toClose.forEach(KeyValueIterator::close);
    }

    private void queue(int partition, KeyValueIterator<byte[], byte[]> range) {
        if (range.hasNext()) {
            ranges.add(new Range(partition, StoreKey.trusted(range.peekNextKey()), range));
        }
    }
}
