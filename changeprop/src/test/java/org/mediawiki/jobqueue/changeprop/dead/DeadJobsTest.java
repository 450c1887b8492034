package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

final class DeadJobsTest {

    private static final Topics TOPICS = new Topics("dc", "s");
    private static final TopicPartition PARTITION = new TopicPartition(TOPICS.errorTopic(), 0);
    private static final String RETRY_TOPIC = TOPICS.retryTopicOf("dc.mediawiki.job.refreshLinks");
    private static final int LARGE_BYTES = 3 * 1024 * 1024;
    private static final int COUNT = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MockConsumer<byte[], byte[]> tail = new MockConsumer<>("earliest");
    private final MockConsumer<byte[], byte[]> reader = new MockConsumer<>("earliest");
    private final Board board = new Board();
    private final Sent sent = new Sent();
    private final DeadJobs jobs = jobs();

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void ofLargeJobsThatAreReplayedByTheirIdsFewAreInMemoryAtOnce() {
        die();

        Outcome outcome = carryOut(new Order(Order.Kind.REPLAY, false, "ada", ""));

        assertThat(outcome.done()).isEqualTo(COUNT);
        assertThat(sent.count).isEqualTo(COUNT);
        assertThat(sent.mostBytesOfABatch).isBetween(DeadJobBatch.BYTES, DeadJobBatch.BYTES + 2L * LARGE_BYTES);
    }

    @Test
    void whatIsDroppedByItsIdIsMarkedAndNotSent() {
        die();

        Outcome outcome = carryOut(new Order(Order.Kind.DROP, false, "ada", ""));

        assertThat(outcome.done()).isEqualTo(COUNT);
        assertThat(sent.count).isZero();
    }

    @Test
    void idsOfWhatIsNotThereAnyMoreAreCountedAsUnable() {
        die();
        reader.updateBeginningOffsets(Map.of(PARTITION, 2L));

        Outcome outcome = carryOut(new Order(Order.Kind.REPLAY, true, "ada", ""));

        assertThat(outcome.matched()).isEqualTo(COUNT);
        assertThat(outcome.done()).isEqualTo(COUNT - 2);
        assertThat(outcome.unable()).isEqualTo(2);
    }

    private Outcome carryOut(Order order) {
        jobs.start();
        await().atMost(PATIENCE).until(() -> isBegun());
        List<DeadJobId> ids = LongStream.range(0, COUNT)
                .mapToObj(offset -> new DeadJobId(0, offset))
                .toList();
        return jobs.carryOut(ids, order)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private boolean isBegun() {
        return jobs.search(DeadJobFilter.ALL_DEAD, Optional.empty(), 1).complete();
    }

    /** Each comes by a poll of its own, as large records do. The tail has nothing to read. */
    private void die() {
        stands(tail, 0);
        stands(reader, COUNT);
        reader.assign(List.of(PARTITION));
        reader.setMaxPollRecords(1);
        LongStream.range(0, COUNT)
                .forEach(offset -> reader.addRecord(ErrorRecords.of(PARTITION.topic(), offset, LARGE_BYTES)));
    }

    private static void stands(MockConsumer<byte[], byte[]> consumer, long end) {
        consumer.updatePartitions(
                PARTITION.topic(), List.of(new PartitionInfo(PARTITION.topic(), 0, null, new Node[0], new Node[0])));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, end));
    }

    private DeadJobs jobs() {
        Families families = stream -> Optional.of(new Families.Family(RETRY_TOPIC, "refreshLinks", 3));
        return DeadJobs.of(
                TOPICS,
                10,
                new DeadJobs.Ports(tail, reader, new OneTopic(), sent, board, families),
                new FakeTime(),
                () -> "1");
    }

    /** Knows of the error topic, and of nothing else. */
    private static final class OneTopic extends ForwardingAdmin {

        OneTopic() {
            super(Map.of("bootstrap.servers", "127.0.0.1:1"));
            close(Duration.ZERO);
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            return new Described();
        }
    }

    private static final class Described extends DescribeTopicsResult {
        Described() {
            super(
                    null,
                    Map.of(
                            PARTITION.topic(),
                            KafkaFuture.completedFuture(new TopicDescription(
                                    PARTITION.topic(), false, List.of(), Set.of(), new Uuid(1, 1)))));
        }
    }

    /** Acknowledges everything at once. Claims are written before whatever is sent for them, so they part the batches. */
    private static final class Sent implements Outbox {

        private int count;
        private long bytesOfThisBatch;
        private long mostBytesOfABatch;

        @Override
        public Future<Receipt> send(OutboundEvent event) {
            count++;
            bytesOfThisBatch += event.value().length();
            mostBytesOfABatch = Math.max(mostBytesOfABatch, bytesOfThisBatch);
            return Future.succeededFuture(Receipt.ACKNOWLEDGED);
        }
    }

    /** Tells at once what is written. */
    private final class Board implements MarkBoard {

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            if (value != null && MarkCode.mark(value).map(Mark::state).equals(Optional.of(DeadJobState.CLAIMED))) {
                sent.bytesOfThisBatch = 0;
            }
            jobs.told(key, value);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
