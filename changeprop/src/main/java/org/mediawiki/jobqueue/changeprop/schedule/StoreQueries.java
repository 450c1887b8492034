package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;

/** Answers from the stores that are open in this process; orders travel through the scheduled topic. Any thread. */
final class StoreQueries implements WaitingJobs {

    private static final int MOST_PER_PAGE = 1_000;

    private final LocalStores stores;
    private final Indices indices;
    private final Outbox outbox;
    private final String scheduledTopic;

    /** Whoever reads an event holds this until no more is left of it than the view: events may be large, askers many. */
    private final Object turn = new Object();

    /** The stores of this process, while they are open. */
    interface LocalStores {

        /** Why they cannot be read for now. */
        Optional<String> unready();

        /**
         * The store of one partition.
         *
         * @throws InvalidStateStoreException where it is not here, or not open
         */
        ReadOnlyKeyValueStore<byte[], byte[]> of(int partition);
    }

    StoreQueries(LocalStores stores, Indices indices, Outbox outbox, String scheduledTopic) {
        this.stores = stores;
        this.indices = indices;
        this.outbox = outbox;
        this.scheduledTopic = scheduledTopic;
    }

    @Override
    public Answer<Map<String, Long>> countByType() {
        return whenReady(() -> new TreeMap<>(indices.countByType()));
    }

    @Override
    public <T> Answer<Page<T>> list(
            Optional<String> type, Optional<String> after, int limit, Function<Waiting, T> view) {
        int most = Math.min(MOST_PER_PAGE, Math.max(1, limit));
        return whenReady(() -> {
            try (ByDue waiting = from(type, after.flatMap(WaitingId::parse))) {
                return page(waiting, most, view);
            }
        });
    }

    @Override
    public Answer<Optional<Waiting>> find(WaitingId id) {
        return whenReady(() -> {
            Optional<byte[]> value =
                    Optional.ofNullable(stores.of(id.partition()).get(id.key().bytes()));
            return value.map(bytes -> waiting(id, StoredEvent.of(bytes)));
        });
    }

    @Override
    public Future<Void> runNow(Collection<WaitingId> ids) {
        return order(Instruction.Command.Kind.RUN, ids);
    }

    @Override
    public Future<Void> drop(Collection<WaitingId> ids) {
        return order(Instruction.Command.Kind.DROP, ids);
    }

    private Future<Void> order(Instruction.Command.Kind kind, Collection<WaitingId> ids) {
        List<Future<?>> sent = new ArrayList<>();
        for (WaitingId id : ids) {
            sent.add(outbox.send(ScheduledRecord.of(new Instruction.Command(kind, id), scheduledTopic)));
        }
        return Future.all(sent).mapEmpty();
    }

    private ByDue from(Optional<String> type, Optional<WaitingId> after) {
        ByDue merged = new ByDue();
        try {
            indices.byPartition().forEach((partition, index) -> {
                var store = stores.of(partition);
                for (String one : index.counts().keySet()) {
                    if (type.isEmpty() || type.orElseThrow().equals(one)) {
                        StoreKey from = Position.start(index, one, partition, after);
                        synchronized (turn) {
                            merged.add(partition, store, from);
                        }
                    }
                }
            });
            return merged;
        } catch (RuntimeException e) {
            merged.close();
            throw e;
        }
    }

    private <T> Page<T> page(ByDue waiting, int most, Function<Waiting, T> view) {
        List<T> found = new ArrayList<>();
        Optional<WaitingId> last = Optional.empty();
        while (found.size() < most && waiting.peek().isPresent()) {
            last = waiting.peekId();
            synchronized (turn) {
                waiting.next().map(StoreQueries::waiting).map(view).ifPresent(found::add);
            }
        }
        boolean goesOn = waiting.peek().isPresent();
        return new Page<>(List.copyOf(found), last.filter(id -> goesOn).map(WaitingId::text));
    }

    private static Waiting waiting(ByDue.Entry entry) {
        return waiting(WaitingId.of(entry.partition(), entry.key()), entry.event());
    }

    private static Waiting waiting(WaitingId id, StoredEvent event) {
        Instant due = Instant.ofEpochMilli(id.dueMillis());
        return new Waiting(id, due, event.reason(), event.topic(), event.partition(), event.payload());
    }

    private <T> Answer<T> whenReady(Supplier<T> read) {
        Optional<String> unready = stores.unready();
        if (unready.isPresent()) {
            return new Answer.NotYet<>(unready.orElseThrow());
        }
        try {
            return new Answer.Known<>(read.get());
        } catch (InvalidStateStoreException e) {
            return new Answer.NotYet<>("another instance keeps it, or it is being rebuilt");
        }
    }
}
