package org.mediawiki.jobqueue.changeprop.schedule;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** The topology without brokers, its clock in the test's hands. */
final class TopologyFixture implements AutoCloseable, SchedulerListener {

    static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");
    static final String ERROR_TOPIC = TOPICS.errorTopic();
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final String RESTART = "restart";

    final FakeDestinations destinations = new FakeDestinations();
    final RefusedSizes sizes = new RefusedSizes();
    final Indices indices = new Indices();
    final List<String> heard = new ArrayList<>();

    private final Path folder;
    private final TopologyTestDriver driver;
    private Instant now = START;

    /** Of the machine's clock, which goes on while a call blocks. */
    private Instant clock = START;

    TopologyFixture(Path folder) {
        this.folder = folder;
        this.driver = driver();
    }

    static String retryTopic(String type) {
        return TOPICS.retryTopicOf("eqiad.mediawiki.job." + type);
    }

    Instant now() {
        return now;
    }

    /** What the driver does takes so long; its own clock follows with the next step. */
    void block(Duration duration) {
        clock = clock().plus(duration);
    }

    void schedule(String type, Duration wait, String value) {
        schedule(new ScheduledEvent(now.plus(wait), retryTopic(type), 3, Reason.DELAY, Buffer.buffer(value)));
    }

    void schedule(ScheduledEvent event) {
        OutboundEvent outbound = event.outbound(TOPICS);
        Headers headers = new RecordHeaders();
        outbound.headers().forEach((name, text) -> headers.add(name, text.getBytes()));
        pipe(outbound.value().getBytes(), headers);
    }

    void order(Instruction.Command.Kind kind, WaitingId id) {
        OutboundEvent outbound = ScheduledRecord.of(new Instruction.Command(kind, id), TOPICS.scheduledTopic());
        Headers headers = new RecordHeaders();
        outbound.headers().forEach((name, text) -> headers.add(name, text.getBytes()));
        pipe(outbound.value().getBytes(), headers);
    }

    void pipe(byte @Nullable [] value, Headers headers) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(TOPICS.scheduledTopic(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(new TestRecord<>(null, value, headers, now));
    }

    /** In steps, as a stream thread looks at its clock again and again. */
    void advance(Duration duration) {
        advance(duration, Duration.ofMillis(50));
    }

    void advance(Duration duration, Duration step) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            Duration left = Duration.between(now, end);
            Duration taken = left.compareTo(step) < 0 ? left : step;
            now = now.plus(taken);
            driver.advanceWallClockTime(taken);
        }
    }

    /** All at once, as after a pause. */
    void jump(Duration duration) {
        now = now.plus(duration);
        driver.advanceWallClockTime(duration);
    }

    List<String> released(String topic) {
        return records(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> records(String topic) {
        TestOutputTopic<byte[], byte[]> output =
                driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return output.isEmpty() ? List.of() : output.readRecordsToList();
    }

    Map<String, Long> counts() {
        return new TreeMap<>(indices.countByType());
    }

    WaitingJobs waitingJobs() {
        return new StoreQueries(
                new StoreQueries.LocalStores() {
                    @Override
                    public Optional<String> unready() {
                        return Optional.empty();
                    }

                    @Override
                    public KeyValueStore<byte[], byte[]> of(int partition) {
                        return driver.getKeyValueStore(SchedulerTopology.EVENTS);
                    }
                },
                indices,
                event -> Future.failedFuture("no outbox"),
                TOPICS.scheduledTopic());
    }

    WaitingJobs.Page<Waiting> page(Optional<String> type, Optional<String> after, int limit) {
        return page(type, after, limit, one -> one);
    }

    <T> WaitingJobs.Page<T> page(Optional<String> type, Optional<String> after, int limit, Function<Waiting, T> view) {
        return waitingJobs().list(type, after, limit, view).match(page -> page, why -> {
            throw new AssertionError(why);
        });
    }

    /** All that is in memory is lost; the stores stay. */
    void restart() {
        pipe(null, new RecordHeaders().add(RESTART, new byte[0]));
    }

    @Override
    public void scheduled(String type, Reason reason) {
        heard.add("scheduled " + type + " " + reason);
    }

    @Override
    public void released(String type, Reason reason, Duration lateness) {
        heard.add("released " + type + " " + reason + " " + lateness.toMillis());
    }

    @Override
    public void dropped(String type, Reason reason) {
        heard.add("dropped " + type + " " + reason);
    }

    @Override
    public void refused(String type, Reason reason) {
        heard.add("refused " + type + " " + reason);
    }

    @Override
    public void unreadable() {
        heard.add("unreadable");
    }

    @Override
    public void close() {
        driver.close();
    }

    private Instant clock() {
        return clock.isAfter(now) ? clock : now;
    }

    private TopologyTestDriver driver() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        SchedulerParts parts = new SchedulerParts(
                TOPICS,
                destinations,
                (value, why) -> new OutboundEvent(ERROR_TOPIC, 0, Buffer.buffer(why + ": " + value)),
                this,
                sizes,
                indices,
                this::clock);
        return new TopologyTestDriver(
                SchedulerTopology.of(TOPICS.scheduledTopic(), () -> new Restartable(parts)), properties, now);
    }

    /** The processor, replaced by a new one without the driver's knowledge: a driver deletes its stores. */
    private static final class Restartable implements Processor<byte[], byte[], Void, Release> {

        private final SchedulerParts parts;
        private @Nullable ScheduleProcessor processor;
        private @Nullable ProcessorContext<Void, Release> context;

        Restartable(SchedulerParts parts) {
            this.parts = parts;
        }

        @Override
        public void init(ProcessorContext<Void, Release> given) {
            context = given;
            processor = new ScheduleProcessor(parts, true);
            processor.init(given);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (record.headers().lastHeader(RESTART) == null) {
                requireNonNull(processor).process(record);
            } else {
                close();
                init(requireNonNull(context));
            }
        }

        @Override
        public void close() {
            requireNonNull(processor).close();
        }
    }
}
