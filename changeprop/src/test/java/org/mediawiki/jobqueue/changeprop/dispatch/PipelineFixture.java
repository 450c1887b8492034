package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.InheritedJobsListener.Expected;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.FinishedAbove;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.AttemptTraces;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.LaneSettings;
import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.Task;
import org.mediawiki.jobqueue.runner.lane.TypeSettings;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/**
 * A pipeline between fakes. Whatever is done to it is done on its context, one thing after the other, so that the
 * test's thread never has to wait for anything but that.
 *
 * <p>Types whose name begins with {@code no-rule}, {@code no-class} or {@code no-limits} stand for a bug of ours.
 */
final class PipelineFixture implements AutoCloseable {

    static final Duration READONLY_HOLD = Duration.ofSeconds(60);
    static final int MOST_BLOCKED = 2;
    static final Duration TIMEOUT = Duration.ofMinutes(20);

    private volatile boolean mayStart = true;
    private final Topics topics = new Topics("eqiad", "cpjobqueue");
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final FakeTime time = new FakeTime();
    private volatile boolean isClockBroken;
    private final FakeTarget target = new FakeTarget();
    private final FakeOutbox outbox = new FakeOutbox();
    private final FakeDeduplication deduplication = new FakeDeduplication();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Slot> closed = new ArrayList<>();
    private final PartitionLedger ledger = new PartitionLedger(0, FinishedAbove.NOTHING, closed::add, new Totals());
    private final Lane lane = new Lane(
            settings(TIMEOUT),
            target,
            new Verdicts(READONLY_HOLD, Duration.ofSeconds(1), time)::judge,
            time,
            () -> mayStart);
    private final JobPipeline pipeline;

    PipelineFixture() {
        QueueMetrics metrics = new QueueMetrics(new SimpleMeterRegistry(), "cpjobqueue");
        JobPipeline.Parts parts = new JobPipeline.Parts(
                topics,
                outbox,
                deduplication,
                wiki -> "s1",
                PipelineFixture::rule,
                (type, rule, stream) -> metrics.of("main", type, rule, stream),
                AttemptTraces.NONE,
                failures::add);
        pipeline = new JobPipeline(context, parts, lane, breakableClock(), () -> "new-id");
    }

    FakeDeduplication deduplication() {
        return deduplication;
    }

    FakeOutbox outbox() {
        return outbox;
    }

    /** Why the lane cannot go on. */
    List<Throwable> failures() {
        return failures;
    }

    /** The store of duplicates says that none of those that it was asked about is one. */
    void answerThatItIsNoDuplicate() {
        on(() -> {
            deduplication.answerThatItIsNone();
            return null;
        });
    }

    FakeTarget target() {
        return target;
    }

    Lane lane() {
        return lane;
    }

    /** Hands a record over. */
    Slot handle(String topic, byte @Nullable [] value) {
        PolledRecord polled = polled(topic, value);
        pipeline.handle(List.of(polled));
        settle();
        return polled.slot();
    }

    /** Hands a record over that was written at a certain time. */
    void handleWritten(Instant at, String topic, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Slot slot = ledger.open(ledger.position(), bytes.length);
        ConsumerRecord<byte[], byte[]> written = new ConsumerRecord<>(
                topic,
                3,
                slot.offset(),
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                bytes.length,
                null,
                bytes,
                new RecordHeaders(),
                Optional.empty());
        handle(List.of(new PolledRecord(topics.parse(topic).orElseThrow(), written, slot)));
    }

    Instant now() {
        return time.instant();
    }

    /** Hands a record over that the scheduler has written. */
    Slot handleReleased(String topic, byte[] value) {
        PolledRecord polled = polled(topic, value);
        polled.record().headers().add("due", new byte[0]);
        handle(List.of(polled));
        return polled.slot();
    }

    Slot handle(String topic, String value) {
        return handle(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Hands the record of {@code before} over once more, as happens when its partition comes back. */
    Slot handleAgain(Slot before, String topic, String value) {
        long offset = before.offset();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Slot slot = new PartitionLedger(offset, FinishedAbove.NOTHING, closed::add, new Totals())
                .open(offset, bytes.length);
        handle(List.of(new PolledRecord(
                topics.parse(topic).orElseThrow(), new ConsumerRecord<>(topic, 3, offset, null, bytes), slot)));
        return slot;
    }

    /** Hands records over in one batch. */
    void handle(List<PolledRecord> records) {
        pipeline.handle(records);
        settle();
    }

    PolledRecord polled(String topic, byte @Nullable [] value) {
        Slot slot = ledger.open(ledger.position(), value == null ? 0 : value.length);
        return new PolledRecord(
                topics.parse(topic).orElseThrow(), new ConsumerRecord<>(topic, 3, slot.offset(), null, value), slot);
    }

    void answer(int status) {
        on(() -> {
            target.onlyOpen().answer(status);
            return null;
        });
    }

    void advance(Duration by) {
        on(() -> {
            time.advance(by);
            return null;
        });
    }

    /** Whether the lease is held. */
    void mayStart(boolean may) {
        mayStart = may;
    }

    Set<String> announced() {
        return outbox.announced();
    }

    /** The only event that was sent and not acknowledged before. */
    FakeOutbox.Letter letter() {
        assertThat(outbox.letters()).hasSize(1);
        return outbox.letters().remove(0);
    }

    void acknowledge(FakeOutbox.Letter letter) {
        on(() -> {
            letter.acknowledge();
            return null;
        });
    }

    void acknowledgeAll() {
        List<FakeOutbox.Letter> letters = List.copyOf(outbox.letters());
        outbox.letters().clear();
        letters.forEach(this::acknowledge);
    }

    void refuseAsTooLarge(FakeOutbox.Letter letter) {
        on(() -> {
            letter.refuseAsTooLarge();
            return null;
        });
    }

    void release(String topic) {
        var unused = released(topic);
    }

    /** What whoever releases it waits for. */
    CompletableFuture<Void> released(String topic) {
        CompletableFuture<Void> released = pipeline.release(List.of(new TopicPartition(topic, 3)));
        settle();
        return released;
    }

    void leaveRunning(String topic) {
        pipeline.leaveRunning(List.of(new TopicPartition(topic, 3)));
        settle();
    }

    /** A job of a record of {@code topic} was begun elsewhere. */
    void expect(String topic, Slot slot, JobAtWork job, Optional<Ending> ended) {
        pipeline.expect(List.of(new Expected(place(topic, slot), Optional.of(job), ended.isEmpty(), ended)));
        settle();
    }

    void endedElsewhere(String topic, Slot slot, Ending how) {
        pipeline.endedElsewhere(place(topic, slot), how);
        settle();
    }

    Map<Place, JobAtWork> atWork(String topic) {
        return askedAtWork(topic).join();
    }

    /** What whoever asks for it waits for. */
    CompletableFuture<Map<Place, JobAtWork>> askedAtWork(String topic) {
        CompletableFuture<Map<Place, JobAtWork>> atWork = pipeline.atWork(List.of(new TopicPartition(topic, 3)));
        settle();
        return atWork;
    }

    /** From here on the pipeline meets a bug wherever it looks at how long something has taken. */
    void breakClock() {
        isClockBroken = true;
    }

    static Place place(String topic, Slot slot) {
        return new Place(topic, 3, slot.offset());
    }

    void stop() {
        pipeline.stop();
        settle();
    }

    /** So long may attempts take that start from here on. */
    void reconfigure(Duration timeout) {
        on(() -> {
            lane.reconfigure(settings(timeout));
            return null;
        });
    }

    /** Behind the pipeline's back. */
    void submit(Task task) {
        on(() -> {
            lane.submit(task);
            return null;
        });
    }

    int waiting() {
        return on(pipeline::waiting);
    }

    Optional<Duration> overdue(Duration grace) {
        return on(() -> pipeline.overdue(grace));
    }

    Map<String, Ages> oldest() {
        return on(pipeline::oldest);
    }

    boolean isOpen(Slot slot) {
        return !closed.contains(slot);
    }

    /** How the slot ended; fails while it is open. */
    Ending ending(Slot slot) {
        assertThat(closed).contains(slot);
        return slot.ending();
    }

    boolean wroteNothing() {
        return outbox.letters().isEmpty();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private Time breakableClock() {
        return new Time() {
            @Override
            public Instant instant() {
                return time.instant();
            }

            @Override
            public long nanos() {
                if (isClockBroken) {
                    throw new IllegalStateException("a bug");
                }
                return time.nanos();
            }

            @Override
            public Cancellation after(Duration delay, Runnable action) {
                return time.after(delay, action);
            }
        };
    }

    private void settle() {
        on(() -> null);
    }

    private <T extends @Nullable Object> T on(Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                result.complete(action.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Rule rule(String type) {
        if (type.startsWith("no-rule")) {
            throw new IllegalStateException("a bug");
        } else if (type.startsWith("no-class")) {
            throw new NoClassDefFoundError("a bug");
        }
        Duration delay = Duration.ofSeconds(type.equals("soon-again") ? 5 : 60);
        RetryPolicy retry = new RetryPolicy(type.equals("never-again") ? 0 : 2, delay, 6);
        return new Rule(type, retry, Optional.empty(), Optional.empty(), Duration.ofDays(30), true);
    }

    private static LaneSettings settings(Duration timeout) {
        return new LaneSettings("main", OptionalInt.empty(), MOST_BLOCKED, type -> limits(type, timeout));
    }

    private static TypeSettings limits(String type, Duration timeout) {
        if (type.startsWith("no-limits")) {
            throw new IllegalStateException("a bug");
        }
        int concurrency = type.startsWith("two-at-once") ? 2 : 1;
        return new TypeSettings(new PoolSettings(type, concurrency, 1, 0), timeout, false);
    }
}
