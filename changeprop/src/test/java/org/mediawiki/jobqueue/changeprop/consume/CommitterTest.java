package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

class CommitterTest {

    private static final TopicPartition PARTITION = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FakeTime time = new FakeTime();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final FakeBoard board = new FakeBoard();
    private final Assignment assignment = new Assignment(
            new Topics("eqiad", "cpjobqueue"),
            new Tally(),
            new HandedOver(new FleetNotes(board.join("here", "1"), board)));
    private final Committer committer = new Committer(() -> consumer, assignment, time);
    private List<Slot> slots = List.of();

    @BeforeEach
    void openSomeSlots() {
        consumer.assign(List.of(PARTITION));
        PartitionLedger unused = assignment.add(PARTITION, new OffsetAndMetadata(0));
        slots = open(20);
    }

    @Test
    void commitsWhatFinishedWithinTheIntervalAndNothingTwice() {
        finish(0);
        committer.commitIfDue();
        assertThat(lastCommit()).isEqualTo(new OffsetAndMetadata(1, ""));

        finish(1);
        committer.commitIfDue();
        assertThat(consumer.commits()).as("before the interval is over").hasSize(1);

        time.advance(Committer.INTERVAL);
        committer.commitIfDue();
        assertThat(lastCommit().offset()).isEqualTo(2);

        time.advance(Committer.INTERVAL);
        committer.commitIfDue();
        assertThat(consumer.commits()).as("nothing has changed").hasSize(2);
        assertThat(committer.isBehind()).isFalse();
    }

    @Test
    void oneCommitIsOnItsWayAtATime() {
        consumer.holdAnswers();
        finish(0);
        committer.commitIfDue();
        finish(1);
        time.advance(Duration.ofSeconds(10));
        committer.commitIfDue();
        assertThat(consumer.commits()).hasSize(1);
        assertThat(committer.isBehind()).isTrue();

        consumer.answerCommit();
        committer.commitIfDue();
        assertThat(lastCommit().offset()).isEqualTo(2);
    }

    @Test
    void aFailedCommitIsSentAgain() {
        consumer.failCommitsWith(new TimeoutException("slow"));
        finish(0);
        committer.commitIfDue();
        assertThat(committer.isBehind()).isTrue();

        time.advance(Committer.INTERVAL);
        committer.commitIfDue();

        assertThat(consumer.commits()).hasSize(2);
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void whereTheBrokersTakeLessMetadataLessIsSent() {
        consumer.failCommitsWith(tooLarge(8));
        finish(1, 3, 5, 7, 9, 11, 13, 15, 17);
        for (int i = 0; i < 9; i++) {
            committer.commitIfDue();
            time.advance(Committer.INTERVAL);
        }
        assertThat(consumer.commits()).hasSize(9);
        assertThat(lastCommit().metadata().length()).isLessThanOrEqualTo(16);
        assertThat(committer.isBehind()).isFalse();
    }

    /** Nobody commits later what a stop or a revocation could not. */
    @Test
    void whereTheBrokersTakeLessMetadataTheLastCommitStillArrives() {
        consumer.failCommitsWith(tooLarge(13));
        finish(0, 2);
        assertThat(committer.commitNow(PATIENCE)).isTrue();
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void theLastCommitGivesUpWhereNoneIsTaken() {
        consumer.failCommitsWith(tooLarge(100));
        finish(0);
        assertThat(committer.commitNow(PATIENCE)).isFalse();
    }

    @Test
    void theLastCommitTellsWhetherItArrived() {
        consumer.failCommitsWith(new TimeoutException("gone"));
        finish(0);
        assertThat(committer.commitNow(PATIENCE)).isFalse();
        assertThat(committer.commitNow(PATIENCE)).isTrue();
        assertThat(committer.commitNow(PATIENCE)).as("nothing to do").isTrue();
        assertThat(consumer.commits()).hasSize(2);
    }

    /** An asynchronous commit that fails is not sent again by the client, and nobody is there to do it later. */
    @Test
    void theLastCommitSaysAgainWhatIsStillOnItsWay() {
        consumer.holdAnswers();
        consumer.failCommitsWith(new TimeoutException("lost"));
        finish(0);
        committer.commitIfDue();

        assertThat(committer.commitNow(PATIENCE)).isTrue();

        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void theAnswerToACommitOfWhatIsNoLongerOursIsHarmless() {
        consumer.holdAnswers();
        consumer.failCommitsWith(new TimeoutException("late"));
        finish(0);
        committer.commitIfDue();
        assignment.remove(PARTITION);

        consumer.answerCommit();

        assertThat(committer.isBehind()).isFalse();
    }

    private static RuntimeException[] tooLarge(int times) {
        RuntimeException[] failures = new RuntimeException[times];
        for (int i = 0; i < times; i++) {
            failures[i] = new OffsetMetadataTooLarge("too large");
        }
        return failures;
    }

    private List<Slot> open(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int offset = 0; offset < count; offset++) {
            records.add(new ConsumerRecord<>(PARTITION.topic(), 0, offset, new byte[0], new byte[0]));
        }
        return assignment.open(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of())).stream()
                .map(PolledRecord::slot)
                .toList();
    }

    private void finish(int... offsets) {
        for (int offset : offsets) {
            slots.get(offset).close(Ending.DONE);
        }
        assignment.settleClosed();
    }

    private OffsetAndMetadata lastCommit() {
        Map<TopicPartition, OffsetAndMetadata> last =
                consumer.commits().get(consumer.commits().size() - 1);
        return Objects.requireNonNull(last.get(PARTITION));
    }

    private long committed() {
        return consumer.committed(Set.of(PARTITION))
                .getOrDefault(PARTITION, new OffsetAndMetadata(0))
                .offset();
    }
}
