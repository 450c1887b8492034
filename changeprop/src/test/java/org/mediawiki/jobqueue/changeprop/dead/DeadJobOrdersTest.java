package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

final class DeadJobOrdersTest {

    private static final Topics TOPICS = new Topics("dc", "s");
    private static final String RETRY_TOPIC = TOPICS.retryTopicOf("dc.mediawiki.job.refreshLinks");
    private static final Order REPLAY = new Order(Order.Kind.REPLAY, false, "ada", "");

    private final FakeTime time = new FakeTime();
    private final Marks marks = new Marks(new Board(), time, () -> "1");
    private final SlowOutbox outbox = new SlowOutbox();
    private final DeadJobOrders orders = new DeadJobOrders(
            marks,
            outbox,
            new EventEncoder(TOPICS, time, () -> "1"),
            TOPICS,
            stream -> Optional.of(new Families.Family(RETRY_TOPIC, "refreshLinks", 3)));

    @Test
    void nothingIsReplayedWhileTooMuchOfWhatWasIsNotWritten() {
        ErrorRecord large = dead(1, (int) DeadJobBatch.BYTES);
        ErrorRecord small = dead(2, 100);
        assertThat(replayedInAHurry(large).pending()).isOne();

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> orders.carryOut("topic", List.of(small), REPLAY));
        assertThat(marks.state("topic", small.job().id())).isEqualTo(DeadJobState.DEAD);

        outbox.acknowledge();
        assertThat(replayedInAHurry(small).pending()).isOne();
        assertThat(marks.state("topic", large.job().id())).isEqualTo(DeadJobState.REPLAYED);
    }

    /** By somebody who is interrupted, and so does not wait for what is sent to be written. */
    private Outcome replayedInAHurry(ErrorRecord record) {
        Thread.currentThread().interrupt();
        try {
            return orders.carryOut("topic", List.of(record), REPLAY);
        } finally {
            Thread.interrupted();
        }
    }

    private static ErrorRecord dead(long offset, int bytes) {
        return ErrorRecord.of(ErrorRecords.of(TOPICS.errorTopic(), offset, bytes));
    }

    /** Acknowledges when it is told to. */
    private static final class SlowOutbox implements Outbox {

        private final List<Promise<Receipt>> open = new ArrayList<>();

        @Override
        public Future<Receipt> send(OutboundEvent event) {
            Promise<Receipt> receipt = Promise.promise();
            open.add(receipt);
            return receipt.future();
        }

        void acknowledge() {
            open.forEach(receipt -> receipt.complete(Receipt.ACKNOWLEDGED));
            open.clear();
        }
    }

    /** Tells at once what is written. */
    private final class Board implements MarkBoard {

        @Override
        public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
            marks.told(key, value);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
