package org.mediawiki.jobqueue.changeprop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicCollection.TopicNameCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Without brokers: a topic is missing, and there is no controller that could make it. */
class KafkaOutboxTest {

    private static final String PRESENT = "eqiad.cpjobqueue.error";
    private static final String SLOW = "eqiad.cpjobqueue.retry.mediawiki.job.b";
    private static final String MISSING = "eqiad.cpjobqueue.retry.mediawiki.job.a";
    private static final Buffer VALUE = Buffer.buffer("{}");
    private static final Node BROKER = new Node(1, "127.0.0.1", 1);
    private static final Cluster CLUSTER = new Cluster(
            "cluster", List.of(BROKER), List.of(partitionOf(PRESENT), partitionOf(SLOW)), Set.of(), Set.of());

    /** What waiting for a topic may take, on a busy machine. */
    private static final Duration SOME_SECONDS = Duration.ofSeconds(12);

    private final Vertx vertx = Vertx.vertx();
    private final FakeTime time = new FakeTime();
    private final NoController admin = new NoController();
    private final KafkaOutbox outbox = new KafkaOutbox(
            vertx,
            new MockProducer<>(
                    CLUSTER, true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer()),
            new OwnTopics(admin, new Topics("eqiad", "cpjobqueue"), 1, (short) 1),
            Executors.newSingleThreadScheduledExecutor(),
            (topic, partition) -> {},
            time);

    @AfterEach
    void stop() {
        outbox.close(Duration.ZERO);
        vertx.close();
    }

    @Test
    void whatIsForATopicThatCannotBeMadeHoldsNothingElseUpAndIsTriedAgain() {
        List<Future<Receipt>> held = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            held.add(outbox.send(new OutboundEvent(MISSING, 0, VALUE)));
        }

        assertIsWritten(outbox.send(new OutboundEvent(PRESENT, 0, VALUE)));
        assertThat(admin.looked).as("not once for each").hasValue(1);

        time.advance(Duration.ofSeconds(5));
        held.add(outbox.send(new OutboundEvent(MISSING, 0, VALUE)));
        await().atMost(SOME_SECONDS)
                .untilAsserted(() -> assertThat(admin.looked).hasValue(2));
        assertIsWritten(outbox.send(new OutboundEvent(PRESENT, 0, VALUE)));
        assertThat(held).noneMatch(Future::isComplete);
        assertThat(admin.ordered).as("it still waits for its answer").hasValue(1);
    }

    @Test
    void manyTopicsThatCannotBeMadeHoldNothingElseUpForLongerThanOne() {
        List<Future<Receipt>> held = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            held.add(outbox.send(new OutboundEvent(MISSING + number, 0, VALUE)));
        }

        Future<Receipt> other = outbox.send(new OutboundEvent(PRESENT, 0, VALUE));

        await().atMost(Duration.ofSeconds(4)).until(other::isComplete);
        assertThat(other.result()).isEqualTo(Receipt.ACKNOWLEDGED);
        assertThat(held).noneMatch(Future::isComplete);
    }

    /** Brokers that always take longer than is waited for. */
    @Test
    void anAnswerThatComesLateIsFoundTheNextTime() {
        Future<Receipt> receipt = outbox.send(new OutboundEvent(SLOW, 0, VALUE));
        // It has lost patience when the next one in its thread is written.
        assertIsWritten(outbox.send(new OutboundEvent(PRESENT, 0, VALUE)));
        assertThat(receipt.isComplete()).isFalse();

        admin.answer();
        time.advance(Duration.ofSeconds(5));

        assertIsWritten(receipt);
        assertThat(admin.lookedSlowly)
                .as("what is asked anew has no answer either")
                .hasValue(1);
    }

    private static PartitionInfo partitionOf(String topic) {
        return new PartitionInfo(topic, 0, BROKER, new Node[] {BROKER}, new Node[] {BROKER});
    }

    private static void assertIsWritten(Future<Receipt> receipt) {
        await().atMost(SOME_SECONDS).until(receipt::isComplete);
        assertThat(receipt.result()).isEqualTo(Receipt.ACKNOWLEDGED);
    }

    /** Brokers that tell of topics, of {@link #SLOW} late, and never answer whoever wants one made. */
    private static final class NoController extends ForwardingAdmin {

        private final AtomicInteger looked = new AtomicInteger();
        private final AtomicInteger lookedSlowly = new AtomicInteger();
        private final AtomicInteger ordered = new AtomicInteger();
        private final KafkaFutureImpl<TopicDescription> slow = new KafkaFutureImpl<>();

        NoController() {
            super(Map.of("bootstrap.servers", "127.0.0.1:1"));
            close(Duration.ZERO);
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            Map<String, KafkaFuture<TopicDescription>> described = new HashMap<>();
            ((TopicNameCollection) topics).topicNames().forEach(topic -> described.put(topic, describe(topic)));
            return new Described(described);
        }

        @Override
        public CreateTopicsResult createTopics(Collection<NewTopic> topics, CreateTopicsOptions options) {
            ordered.incrementAndGet();
            return new Created();
        }

        /** Whoever asked first of {@link #SLOW}, and nobody else. */
        void answer() {
            slow.complete(description(SLOW));
        }

        private KafkaFuture<TopicDescription> describe(String topic) {
            if (topic.equals(PRESENT)) {
                return KafkaFuture.completedFuture(description(topic));
            }
            if (topic.equals(SLOW)) {
                return lookedSlowly.incrementAndGet() == 1 ? slow : new KafkaFutureImpl<>();
            }
            if (topic.equals(MISSING)) {
                looked.incrementAndGet();
            }
            KafkaFutureImpl<TopicDescription> unknown = new KafkaFutureImpl<>();
            unknown.completeExceptionally(new UnknownTopicOrPartitionException(topic));
            return unknown;
        }

        private static TopicDescription description(String topic) {
            return new TopicDescription(topic, false, List.of(), Set.of(), new Uuid(1, 1));
        }
    }

    private static final class Described extends DescribeTopicsResult {

        Described(Map<String, KafkaFuture<TopicDescription>> topics) {
            super(null, topics);
        }
    }

    private static final class Created extends CreateTopicsResult {

        Created() {
            super(Map.of(MISSING, new KafkaFutureImpl<>()));
        }
    }
}
