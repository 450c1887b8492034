package org.mediawiki.jobqueue.changeprop.bulletin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class BarriersTest {

    private static final TopicPartition PARTITION = new TopicPartition("eqiad.cpjobqueue.fleet", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Ends ends = new Ends();
    private final Barriers barriers = new Barriers(ends, consumer);

    /** The partition may have another leader by then. */
    @Test
    void aBrokerThatIsSilentForThreeSecondsIsNotWaitedForAndTheEndsAreAskedForAgain() {
        consumer.assign(List.of(PARTITION));
        consumer.seek(PARTITION, 5);
        CompletableFuture<Void> passed = barriers.add();

        barriers.open();
        ends.answers.remove().completeExceptionally(new TimeoutException("silent"));
        barriers.open();
        ends.answers.remove().complete(new ListOffsetsResultInfo(5, -1, Optional.empty()));
        barriers.open();

        assertThat(ends.patienceMillis).startsWith(3_000).hasSize(2);
        assertThat(passed).isCompleted();
    }

    /** It is but slow, and would be so however often it was asked. */
    @Test
    void aBrokerThatTakesFourSecondsForEachAnswerIsHeardBeforeAHandOverLosesPatience() {
        consumer.assign(List.of(PARTITION));
        consumer.seek(PARTITION, 5);
        CompletableFuture<Void> passed = barriers.add();
        int waitedMillis = 0;

        for (int turn = 0; turn < 10 && !passed.isDone(); turn++) {
            barriers.open();
            waitedMillis += ends.answerAfter(4_000);
        }

        assertThat(passed).isCompleted();
        assertThat(waitedMillis).isLessThan(10_000);
    }

    /** Notes how long it may wait for the brokers, and lets its test answer for them. */
    private static final class Ends extends ForwardingAdmin {

        private final List<Integer> patienceMillis = new ArrayList<>();
        private final Deque<KafkaFutureImpl<ListOffsetsResultInfo>> answers = new ArrayDeque<>();

        Ends() {
            super(Map.of("bootstrap.servers", "127.0.0.1:1"));
            close(Duration.ZERO);
        }

        /** Answers what was asked, if anything, or fails it where it does not wait for so long: how long that took. */
        int answerAfter(int millis) {
            KafkaFutureImpl<ListOffsetsResultInfo> answer = answers.poll();
            if (answer == null) {
                return 0;
            }
            int patience = patienceMillis.get(patienceMillis.size() - 1);
            if (patience < millis) {
                answer.completeExceptionally(new TimeoutException("slow"));
                return patience;
            }
            answer.complete(new ListOffsetsResultInfo(5, -1, Optional.empty()));
            return millis;
        }

        @Override
        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> wanted, ListOffsetsOptions options) {
            patienceMillis.add(options.timeoutMs());
            KafkaFutureImpl<ListOffsetsResultInfo> answer = new KafkaFutureImpl<>();
            answers.add(answer);
            return new ListOffsetsResult(Map.of(PARTITION, answer));
        }
    }
}
