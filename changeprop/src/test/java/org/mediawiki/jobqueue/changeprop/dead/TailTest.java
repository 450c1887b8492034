package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.dead.MarkCode.Place;

final class TailTest {

    private static final String TOPIC = "error";
    private static final String TOPIC_ID = "incarnation-1";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Board board = new Board();
    private final Marks marks = new Marks(board, () -> NOON, () -> "1");
    private final DeadJobIndex index = new DeadJobIndex(10);
    private final Brokers brokers = new Brokers();

    /** At the end of the range, so that whoever compares nanoseconds by {@code <} is found out. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);

    private final Tail tail = new Tail(TOPIC, brokers, () -> TOPIC_ID, index, marks, nanos::get);

    @AfterEach
    void close() {
        tail.close();
    }

    @Test
    void aBrokerThatDoesNotKnowTheTopicYetIsAskedAgainAndNoMarkIsTakenAway() {
        brokers.strangers.set(1);
        has(1, 10);
        brokers.schedulePollTask(() -> brokers.addRecord(ErrorRecords.of(TOPIC, 9, 1)));
        replayed(new DeadJobId(0, 5));

        tail.start();

        await().atMost(PATIENCE).until(() -> index.size() == 1);
        assertThat(board.takenAway).isEmpty();
        assertThat(marks.state(TOPIC_ID, new DeadJobId(0, 5))).isEqualTo(DeadJobState.REPLAYED);
        assertThat(tail.topicId()).isEqualTo(TOPIC_ID);
    }

    @Test
    void marksOfWhatIsGoneAreTakenAwayButNotThoseOfAPartitionThatIsNotKnownYet() {
        DeadJobId gone = new DeadJobId(0, 5);
        DeadJobId there = new DeadJobId(0, 7);
        DeadJobId inANewPartition = new DeadJobId(1, 3);
        has(7, 8);
        brokers.schedulePollTask(() -> brokers.addRecord(ErrorRecords.of(TOPIC, 7, 1)));
        replayed(gone);
        replayed(there);
        replayed(inANewPartition);

        tail.start();

        await().atMost(PATIENCE).until(tail::isCaughtUp);
        assertThat(board.takenAway).containsExactly(MarkCode.key(new Place(TOPIC_ID, gone)));
    }

    /** While jobs die each poll returns at once, and a look goes through everything that is known. */
    @Test
    void looksForWhatIsGoneOnceInTenMinutesHoweverManyPollsThereAre() {
        has(0, 0);
        tail.start();
        await().atMost(PATIENCE).until(() -> brokers.polls.get() > 500);
        assertThat(brokers.looks.get()).isOne();

        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        await().atMost(PATIENCE).until(morePolls(500));
        assertThat(brokers.looks.get()).isOne();

        nanos.incrementAndGet();
        await().atMost(PATIENCE).until(morePolls(500));
        assertThat(brokers.looks.get()).isEqualTo(2);
    }

    private Callable<Boolean> morePolls(int count) {
        int enough = brokers.polls.get() + count;
        return () -> brokers.polls.get() > enough;
    }

    private void has(long begin, long end) {
        brokers.updatePartitions(
                TOPIC, List.of(new PartitionInfo(TOPIC, PARTITION.partition(), null, new Node[0], new Node[0])));
        brokers.updateBeginningOffsets(Map.of(PARTITION, begin));
        brokers.updateEndOffsets(Map.of(PARTITION, end));
    }

    private void replayed(DeadJobId id) {
        marks.told(
                MarkCode.key(new Place(TOPIC_ID, id)),
                MarkCode.bytes(new Mark(DeadJobState.REPLAYED, "ada", "", NOON, "1")));
    }

    /** Of which the first few that are asked do not know the topic. */
    private static final class Brokers extends MockConsumer<byte[], byte[]> {

        private final AtomicInteger strangers = new AtomicInteger();
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger polls = new AtomicInteger();

        Brokers() {
            super("earliest");
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.incrementAndGet();
            return super.poll(timeout);
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic) {
            looks.incrementAndGet();
            return strangers.getAndDecrement() > 0 ? List.of() : super.partitionsFor(topic);
        }
    }

    /** Knows which marks were taken away. */
    private static final class Board implements MarkBoard {

        private final Set<String> takenAway = ConcurrentHashMap.newKeySet();

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            if (value == null) {
                takenAway.add(key);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
