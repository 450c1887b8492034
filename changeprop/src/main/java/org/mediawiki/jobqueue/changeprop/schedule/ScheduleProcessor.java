package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;

/** One partition of the scheduled topic: reads its records, and releases them when they are due. */
final class ScheduleProcessor implements Processor<byte[], byte[], Void, Release> {

    private static final int HASH_BITS = 16;
    private static final long HASH_MASK = (1 << HASH_BITS) - 1;

    private final SchedulerParts parts;
    private final boolean exactlyOnce;
    private @Nullable Task task;

    ScheduleProcessor(SchedulerParts parts, boolean exactlyOnce) {
        this.parts = parts;
        this.exactlyOnce = exactlyOnce;
    }

    @Override
    public void init(ProcessorContext<Void, Release> context) {
        KeyValueStore<byte[], byte[]> events = context.getStateStore(SchedulerTopology.EVENTS);
        KeyValueStore<String, Long> counts = context.getStateStore(SchedulerTopology.COUNTS);
        int partition = context.taskId().partition();
        WaitingStore store = new WaitingStore(partition, events, counts, exactlyOnce);
        task = new Task(context, partition, store);
        parts.indices().opened(partition, store.index());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task != null) {
            task.read(record.value(), record.headers());
        }
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
    }

    /** What there is from {@link #init} to {@link #close}. */
    private final class Task {

        private final ProcessorContext<Void, Release> context;
        private final int partition;
        private final WaitingStore store;
        private final Outlet outlet;
        private final DueEvents due;
        private final Alarm alarm;

        Task(ProcessorContext<Void, Release> context, int partition, WaitingStore store) {
            this.context = context;
            this.partition = partition;
            this.store = store;
            this.outlet = new Outlet(context, parts);
            this.due = new DueEvents(context, store, outlet, parts.clock());
            this.alarm = new Alarm(context, this::ring);
            alarm.set(store.index().nextDue());
        }

        void read(byte @Nullable [] value, Headers headers) {
            Buffer bytes = value == null ? Buffer.buffer() : Buffer.buffer(value);
            ScheduledRecord.read(value, headers)
                    .accept(this::schedule, this::obey, why -> outlet.unreadable(bytes, why));
        }

        void close() {
            alarm.cancel();
            parts.indices().closed(partition, store.index());
        }

        private void ring() {
            alarm.set(due.release());
        }

        private void schedule(ScheduledEvent event) {
            Optional<String> type = parts.topics()
                    .parse(event.topic())
                    .filter(topic -> topic.kind().isRetry())
                    .map(JobTopic::type);
            if (type.isEmpty()) {
                outlet.unreadable(event.value(), event.topic() + " is no retry topic of ours");
                return;
            }
            StoreKey key = new StoreKey(type.orElseThrow(), event.due().toEpochMilli(), seq(event));
            parts.listener().scheduled(key.type(), event.reason());
            StoredEvent stored = StoredEvent.of(event);
            if (leavesAtOnce(key, stored)) {
                alarm.atTheLatest(key.dueMillis());
            } else {
                keep(key, stored);
            }
        }

        private boolean leavesAtOnce(StoreKey key, StoredEvent event) {
            return key.dueMillis() <= context.currentSystemTimeMs() && due.leavesAtOnce(key, event);
        }

        private void keep(StoreKey key, StoredEvent event) {
            store.add(key, event);
            alarm.atTheLatest(key.dueMillis());
        }

        private void obey(Instruction.Command command) {
            StoreKey key = command.id().key();
            if (command.id().partition() == partition) {
                store.get(key).ifPresent(event -> obey(command.kind(), key, event));
            }
        }

        private void obey(Instruction.Command.Kind kind, StoreKey key, StoredEvent event) {
            store.remove(key);
            if (kind == Instruction.Command.Kind.RUN) {
                // Due now is all that it takes: whoever releases what is due does the rest.
                keep(new StoreKey(key.type(), context.currentSystemTimeMs(), key.seq()), event);
            } else {
                parts.listener().dropped(key.type(), event.reason());
            }
        }

        /** Two events hardly ever have the same, not even where the scheduled topic was made anew and offsets come again. */
        private long seq(ScheduledEvent event) {
            CRC32C hash = new CRC32C();
            hash.update(event.value().getBytes());
            return offset() << HASH_BITS | (hash.getValue() & HASH_MASK);
        }

        private long offset() {
            return context.recordMetadata()
                    .orElseThrow(() -> new IllegalStateException("a record without its offset"))
                    .offset();
        }
    }
}
