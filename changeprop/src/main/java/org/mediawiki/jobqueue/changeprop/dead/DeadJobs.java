package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.ErrorTopic.Stretch;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Ask;
import org.mediawiki.jobqueue.runner.Time;

/**
 * All that operators can know and do about dead jobs. Any instance answers, for the whole fleet. Any thread; what is
 * asked of Kafka is done one after the other on the thread {@code dead-reader}, and comes as a future that fails with a
 * {@link KafkaException} where Kafka does not answer.
 */
public final class DeadJobs implements AutoCloseable {

    /** How the keys of marks begin. */
    public static final String MARKS = MarkCode.PREFIX;

    /** After so long a sweep answers, whatever it has found. */
    private static final Duration SWEEP_TIME = Duration.ofSeconds(2);

    /** More that wait for the reader are refused. */
    private static final int MOST_WAITING = 64;

    private final DeadJobIndex index;
    private final Marks marks;
    private final Tail tail;
    private final ErrorTopic errors;
    private final DeadJobOrders orders;
    private final LongSupplier nanos;
    private final ExecutorService reader =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "dead-reader");
                thread.setDaemon(true);
                return thread;
            });

    private DeadJobs(
            DeadJobIndex index, Marks marks, Tail tail, ErrorTopic errors, DeadJobOrders orders, LongSupplier nanos) {
        this.index = index;
        this.marks = marks;
        this.tail = tail;
        this.errors = errors;
        this.orders = orders;
        this.nanos = nanos;
    }

    /**
     * What they are read and written with.
     *
     * @param tail of no group; closed with them
     * @param reader of no group; closed with them
     * @param admin stays the caller's
     * @param outbox stays the caller's
     */
    public record Ports(
            Consumer<byte[], byte[]> tail,
            Consumer<byte[], byte[]> reader,
            Admin admin,
            Outbox outbox,
            MarkBoard board,
            Families families) {}

    /** {@code capacity} is how many of the newest are listed; each takes about half a kilobyte. */
    public static DeadJobs of(Topics topics, int capacity, Ports ports, Time time, Supplier<String> ids) {
        DeadJobIndex index = new DeadJobIndex(capacity);
        Marks marks = new Marks(ports.board(), time, ids);
        Supplier<String> incarnations = () -> ErrorTopic.incarnation(topics.errorTopic(), ports.admin());
        Tail tail = new Tail(topics.errorTopic(), ports.tail(), incarnations, index, marks, time::nanos);
        ErrorTopic errors = new ErrorTopic(topics.errorTopic(), ports.reader());
        EventEncoder encoder = new EventEncoder(topics, time, ids);
        DeadJobOrders orders = new DeadJobOrders(marks, ports.outbox(), encoder, topics, ports.families());
        return new DeadJobs(index, marks, tail, errors, orders, time::nanos);
    }

    /** One of a list. */
    public record Listed(DeadJob job, DeadJobState state) {}

    /**
     * One page of the newest dead jobs.
     *
     * @param since only those that died at this time or later are listed; empty where all are
     * @param complete whether all that is kept has been read since the start
     * @param next where the next page begins; empty on the last
     */
    public record Page(List<Listed> jobs, Optional<Instant> since, boolean complete, Optional<String> next) {}

    /** One in full; {@code mark} is what was done about it. */
    public record Opened(ErrorRecord record, DeadJobState state, Optional<Mark> mark) {}

    /** What a sweep did, and where it goes on; empty at its end. */
    public record Swept(Outcome outcome, long scanned, Optional<String> next) {}

    public void start() {
        tail.start();
    }

    /** A record of the topic of marks was read; in order. */
    public void told(String key, byte @Nullable [] value) {
        marks.told(key, value);
    }

    /** The newest first. {@code limit} is 1 to 1,000. Looks through memory; not on a context. */
    public Page search(DeadJobFilter filter, Optional<String> after, int limit) {
        DeadJobIndex.Found found = index.search(filter, this::state, after, Math.max(1, Math.min(1_000, limit)));
        List<Listed> listed = found.jobs().stream()
                .map(job -> new Listed(job, state(job.id())))
                .toList();
        return new Page(listed, index.since(), isComplete(), found.next());
    }

    /** How many of those in {@link #search} match, by what {@code of} says. Looks through memory; not on a context. */
    public Map<String, Long> count(DeadJobFilter filter, Function<DeadJob, String> of) {
        return index.count(filter, this::state, of);
    }

    /** Those that are still there, in order of their ids. */
    public CompletableFuture<List<Opened>> open(List<DeadJobId> ids) {
        return onReader(() -> ids.stream()
                .sorted()
                .flatMap(id -> errors.find(id).stream())
                .map(ErrorRecord::of)
                .map(record -> new Opened(
                        record,
                        state(record.job().id()),
                        marks.words(tail.topicId(), record.job().id())))
                .toList());
    }

    /**
     * Carries out {@code order} for these, a {@link DeadJobBatch} after the other; those that are not there any more count as
     * unable.
     */
    public CompletableFuture<Outcome> carryOut(List<DeadJobId> ids, Order order) {
        return onReader(() -> {
            Outcome done = Outcome.NOTHING;
            long gone = 0;
            DeadJobBatch batch = new DeadJobBatch(order);
            for (DeadJobId id : ids.stream().distinct().sorted().toList()) {
                Optional<ConsumerRecord<byte[], byte[]>> found = errors.find(id);
                found.ifPresent(batch::add);
                gone += found.isPresent() ? 0 : 1;
                if (batch.isFull()) {
                    done = done.and(carryOut(batch, order));
                    batch = new DeadJobBatch(order);
                }
            }
            return done.and(carryOut(batch, order)).and(new Outcome(gone, 0, 0, gone, 0, List.of()));
        });
    }

    /**
     * Carries out {@code order} for those that match, oldest first in each partition, as many as can be done in about two
     * seconds, and one {@link DeadJobBatch} at most. Reads the error topic itself, so it finds those too that are too old for
     * {@link #search}.
     *
     * @param after {@link Swept#next} of the call before; empty begins, and settles where the sweep ends: with what is
     *     dead by then. What cannot be read as such ends it.
     */
    public CompletableFuture<Swept> sweep(DeadJobFilter filter, Order order, Optional<String> after) {
        return onReader(() -> {
            Stretch stretch = after.isEmpty()
                    ? errors.since(filter.from())
                    : SweepCursor.parse(after.get()).orElse(new Stretch(Map.of(), Map.of()));
            Catch caught = new Catch(filter, new DeadJobBatch(order), nanos.getAsLong());
            Stretch left = errors.read(stretch, caught::takes);
            Outcome outcome = carryOut(caught.batch, order);
            return new Swept(
                    outcome, caught.scanned, left.isEmpty() ? Optional.empty() : Optional.of(SweepCursor.text(left)));
        });
    }

    /** Completes when everything is told here that was marked before. */
    public CompletableFuture<Void> caughtUp() {
        return marks.caughtUp();
    }

    @Override
    public void close() {
        tail.close();
        reader.shutdownNow();
        try {
            boolean unused = reader.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        errors.close();
    }

    private Outcome carryOut(DeadJobBatch batch, Order order) {
        return orders.carryOut(tail.topicId(), batch.records(), order);
    }

    private boolean isComplete() {
        return tail.isCaughtUp();
    }

    private DeadJobState state(DeadJobId id) {
        return marks.state(tail.topicId(), id);
    }

    private <T> CompletableFuture<T> onReader(Supplier<T> work) {
        try {
            return Ask.on(reader, work);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new KafkaException("too much is asked of the error topic at once", e));
        }
    }

    /** What a sweep takes in one go. */
    private final class Catch {

        private final DeadJobFilter filter;
        private final DeadJobBatch batch;
        private final long startedNanos;
        private long scanned;

        Catch(DeadJobFilter filter, DeadJobBatch batch, long startedNanos) {
            this.filter = filter;
            this.batch = batch;
            this.startedNanos = startedNanos;
        }

        /** Whether more is wanted. */
        boolean takes(ConsumerRecord<byte[], byte[]> record) {
            scanned++;
            DeadJob job = ErrorRecord.listed(record);
            if (filter.matches(job, state(job.id()))) {
                batch.add(record);
            }
            return !batch.isFull() && nanos.getAsLong() - startedNanos < SWEEP_TIME.toNanos();
        }
    }
}
