package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.assign.Unit;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.kafka.Membership;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/** A real broker whose segment of one topic is damaged on its disk, and Kafka's own consumer. */
final class UnreadableIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String GROUP = "cpjobqueue";
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");
    private static final TopicPartition HURT = new TopicPartition("eqiad.mediawiki.job.hurt", 0);
    private static final TopicPartition WELL = new TopicPartition("eqiad.mediawiki.job.well", 0);

    /** Where a batch says how many bytes follow. */
    private static final int LENGTH_AT = 8;

    /** Those before that, and its own. */
    private static final int LENGTH_END = LENGTH_AT + Integer.BYTES;

    private static final int MAGIC_AT = 16;

    /** Which part of a batch is damaged, which decides who notices it: the client as it checks it or finds it, or the broker. */
    private enum Damage {
        VALUE,
        MAGIC,
        LENGTH;

        void to(ByteBuffer log, int batch) {
            switch (this) {
                case VALUE -> {
                    int last = batch + LENGTH_END + log.getInt(batch + LENGTH_AT) - 2;
                    log.put(last, (byte) ~log.get(last));
                }
                case MAGIC -> log.put(batch + MAGIC_AT, (byte) 99);
                case LENGTH -> log.putInt(batch + LENGTH_AT, 0);
            }
        }
    }

    private final Diary diary = new Diary();
    private final PassingTime time = new PassingTime();

    @ParameterizedTest
    @EnumSource
    void theOthersGoOnAndItGoesOnOnceItIsWhole(Damage damage, @TempDir Path folder) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            KafkaClients clients = clients(kafka);
            produce(clients, HURT, 3);
            produce(clients, WELL, 3);
            Path segment = segmentOf(HURT, folder);
            byte[] whole = Files.readAllBytes(segment);
            write(segment, damaged(whole, damage));

            PollLoop loop = loop(clients);
            Thread thread = new Thread(loop, "poll");
            thread.start();
            await().atMost(PATIENCE).until(() -> loop.holdings().unreadable() == 1);
            produce(clients, WELL, 2);
            await().atMost(PATIENCE).until(() -> committed(admin, WELL) == 5);
            assertThat(committed(admin, HURT)).isEqualTo(1);
            assertThat(diary.handled).contains("hurt 0").doesNotContain("hurt 1", "hurt 2");
            assertThat(loop.sinceLastTurn()).isLessThan(Duration.ofSeconds(5));

            write(segment, whole);
            time.pass(Unreadable.RETRY_INTERVAL);
            await().atMost(PATIENCE).until(() -> committed(admin, HURT) == 3);
            await().atMost(PATIENCE).until(() -> loop.holdings().unreadable() == 0);
            assertThat(diary.handled).doesNotHaveDuplicates().hasSize(8);

            loop.stop();
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    /** The second batch of three; each holds one record. */
    private static byte[] damaged(byte[] whole, Damage damage) {
        ByteBuffer log = ByteBuffer.wrap(whole.clone());
        damage.to(log, LENGTH_END + log.getInt(LENGTH_AT));
        return log.array();
    }

    /** In place, as a disk does it. */
    private static void write(Path segment, byte[] bytes) throws IOException {
        Files.write(segment, bytes, StandardOpenOption.WRITE);
    }

    private static Path segmentOf(TopicPartition partition, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(Path.of(partition.toString(), "00000000000000000000.log")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void produce(KafkaClients clients, TopicPartition partition, int count) throws Exception {
        try (Producer<byte[], byte[]> producer = clients.producer()) {
            for (int record = 0; record < count; record++) {
                producer.send(new ProducerRecord<>(partition.topic(), new byte[100]))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static long committed(Admin admin, TopicPartition partition)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        OffsetAndMetadata committed = offsets.get(partition);
        return committed == null ? 0 : committed.offset();
    }

    private static KafkaClients clients(EmbeddedKafka kafka) {
        KafkaConfig config = KafkaConfigs.of(kafka.bootstrapServers(), 1);
        return new KafkaClients(config, "test");
    }

    private PollLoop loop(KafkaClients clients) {
        PollSizeGuard pollSizeGuard = new PollSizeGuard();
        Strays strays = new Strays(time);
        Membership membership = new Membership(GROUP, "one", () -> topic -> new Unit(topic, 1), strays);
        FakeBoard board = new FakeBoard();
        PollLoop.Settings settings =
                new PollLoop.Settings(TOPICS.allBut(Set.of()).pattern(), new FlowControl(100, 64 << 20), Set.of());
        PollLoop.Parts parts = new PollLoop.Parts(
                () -> clients.consumer(membership, PATIENCE, pollSizeGuard),
                pollSizeGuard,
                TOPICS,
                (own, taken, commit) -> Set.of(),
                settings,
                strays,
                new FleetNotes(board.join("one", "1"), board),
                new Lease(time, clients.sessionTimeout()),
                Duration.ofSeconds(5));
        return new PollLoop(parts, diary, new Tally(), time);
    }

    /** The clock of elapsed time, which may run ahead. */
    private static final class PassingTime implements Time {

        private final AtomicLong aheadNanos = new AtomicLong();

        void pass(Duration duration) {
            aheadNanos.addAndGet(duration.toNanos());
        }

        @Override
        public long nanos() {
            return System.nanoTime() + aheadNanos.get();
        }

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public Cancellation after(Duration delay, Runnable action) {
            throw new UnsupportedOperationException("a poll thread waits in polls");
        }
    }

    /** Writes down what it is handed, all of which is done at once. */
    private static final class Diary implements RecordHandler {

        private final Collection<String> handled = new ConcurrentLinkedQueue<>();

        @Override
        public void handle(List<PolledRecord> records) {
            records.forEach(polled -> {
                handled.add(polled.topic().type() + " " + polled.record().offset());
                polled.slot().close(Ending.DONE);
            });
        }

        @Override
        public CompletableFuture<Void> release(Collection<TopicPartition> partitions) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Map<Place, JobAtWork>> atWork(Collection<TopicPartition> partitions) {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public void expect(List<Expected> jobs) {}

        @Override
        public void endedElsewhere(Place place, Ending how) {}

        @Override
        public void keepBlocked(long bytes) {}

        @Override
        public void goOn() {}

        @Override
        public void leaveRunning(Collection<TopicPartition> partitions) {}

        @Override
        public void stop() {}
    }
}
