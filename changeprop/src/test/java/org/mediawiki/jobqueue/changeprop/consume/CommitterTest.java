package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.fleet.Note;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

class CommitterTest {

    private static final TopicPartition PARTITION = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final TopicPartition OTHER = new TopicPartition("eqiad.mediawiki.job.b", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration DUE = SESSION_TIMEOUT.dividedBy(4);

    private final FakeTime time = new FakeTime();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final FakeBoard board = new FakeBoard();

    /** What is done when a delay is over. */
    private final Deque<Runnable> later = new ArrayDeque<>();

    private final Assignment assignment = new Assignment(
            new Topics("eqiad", "cpjobqueue"),
            new Tally(),
            new RevokedSlots(new FleetNotes(board.join("here", "1"), board, later::add)),
            time);
    private final Lease lease = new Lease(time, SESSION_TIMEOUT);
    private final Forbidden forbidden = new Forbidden(assignment, time);
    private final Committer committer = new Committer(() -> consumer, assignment, lease, forbidden, time);
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
    void commitsOfManyPartitionsAreFewer() {
        List<Slot> many = new ArrayList<>();
        for (int number = 1; number <= Committer.WIDE; number++) {
            TopicPartition partition = new TopicPartition(PARTITION.topic(), number);
            many.add(assignment.add(partition, new OffsetAndMetadata(0)).open(0, 0));
        }
        many.forEach(slot -> slot.close(Ending.DONE));
        assignment.settleClosed();
        committer.commitIfDue();
        finish(0);
        time.advance(Committer.WIDE_INTERVAL.minusMillis(1));
        committer.commitIfDue();
        assertThat(consumer.commits()).hasSize(1);

        time.advance(Duration.ofMillis(1));
        committer.commitIfDue();
        finish(1);
        time.advance(Committer.INTERVAL);
        committer.commitIfDue();

        assertThat(consumer.commits()).as("and of few as many as ever").hasSize(3);
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

    @Test
    void whereNoneIsTakenItStaysBehind() {
        consumer.failCommitsWith(tooLarge(100));
        finish(0);
        committer.commit();
        committer.commit();
        assertThat(committer.isBehind(Set.of(PARTITION))).isTrue();
    }

    @Test
    void aCommitThatCannotEvenBeSentIsSentAgain() {
        consumer.refuseCommits(1);
        finish(0);
        committer.commit();
        assertThat(committer.isBehind(Set.of(PARTITION))).isTrue();

        committer.commit();

        assertThat(committed()).isEqualTo(1);
        assertThat(committer.isBehind(Set.of(PARTITION))).isFalse();
    }

    @Test
    void whoCannotPollHearsTheAnswerAllTheSame() {
        consumer.holdAnswers();
        finish(0);
        committer.commit();
        assertThat(committer.isBehind(Set.of(PARTITION))).isTrue();

        committer.awaitAnswer(PATIENCE);

        assertThat(committed()).isEqualTo(1);
        assertThat(committer.isBehind(Set.of(PARTITION))).isFalse();
        assertThat(consumer.commits()).as("nothing is said twice").hasSize(1);
    }

    @Test
    void whatIsCommittedIsWhatTheOffsetOrTheMetadataSay() {
        PartitionLedger ledger = slots.get(0).ledger();
        finish(0, 2);
        assertThat(ledger.isCommitted(0)).isFalse();

        committer.commit();

        assertThat(ledger.isCommitted(0)).isTrue();
        assertThat(ledger.isCommitted(1)).isFalse();
        assertThat(ledger.isCommitted(2)).isTrue();
        finish(3);
        assertThat(ledger.isCommitted(3))
                .as("it has ended, and nobody has said so")
                .isFalse();
    }

    @Test
    void anEndIsToldWhenItsCommitIsNotAnswered() {
        consumer.holdAnswers();
        finish(0);
        committer.commitIfDue();
        time.advance(UncommittedEndings.PATIENCE.minusMillis(1));
        finish(1);
        assertThat(board.notes()).isZero();

        time.advance(Duration.ofMillis(1));
        assignment.settleClosed();

        assertThat(board.note(new Place(PARTITION, 0)).flatMap(Note::ended)).contains(Ending.DONE);
        assertThat(board.notes()).as("told once, and the other one not yet").isEqualTo(1);
    }

    @Test
    void whatNobodyHeardIsToldNoMoreOnceItIsCommitted() {
        board.refuse(new IllegalStateException("no leader"));
        consumer.holdAnswers();
        finish(0, 2);
        committer.commitIfDue();
        time.advance(UncommittedEndings.PATIENCE);
        finish(3);
        time.advance(UncommittedEndings.PATIENCE);
        assignment.settleClosed();
        assertThat(later).as("to be said again").hasSize(3);

        consumer.answerCommit();
        board.accept();
        List.copyOf(later).forEach(Runnable::run);

        assertThat(board.notes()).as("of what the commit does not say").isEqualTo(1);
        assertThat(board.note(new Place(PARTITION, 3)).flatMap(Note::ended)).contains(Ending.DONE);
        assertThat(assignment.tellEnds(Set.of(PARTITION))).isCompleted();
    }

    /** It is to be heard before its partition goes, whatever else is committed. */
    @Test
    void whatIsToldOfATopicThatMayNotBeReadIsWaitedForThoughOthersAreCommitted() {
        board.refuse(new IllegalStateException("no leader"));
        Slot slot = openOfTheForbidden();
        finish(0);
        slot.close(Ending.DONE);
        turns(3);
        assertThat(committed()).isEqualTo(1);
        assertThat(assignment.tellEnds(Set.of(OTHER))).isNotDone();

        board.accept();
        List.copyOf(later).forEach(Runnable::run);

        assertThat(assignment.tellEnds(Set.of(OTHER))).isCompleted();
    }

    @Test
    void nothingIsToldOfWhatIsCommittedInTime() {
        finish(0);
        committer.commitIfDue();
        time.advance(UncommittedEndings.PATIENCE);
        assignment.settleClosed();

        assertThat(board.notes()).isZero();
    }

    @Test
    void aCommitThatArrivesSaysNothingOfWhatEndedAfterIt() {
        consumer.holdAnswers();
        finish(0);
        committer.commitIfDue();
        finish(1);
        consumer.answerCommit();
        time.advance(UncommittedEndings.PATIENCE);

        assignment.settleClosed();

        assertThat(board.note(new Place(PARTITION, 0))).isEmpty();
        assertThat(board.note(new Place(PARTITION, 1)).flatMap(Note::ended)).contains(Ending.DONE);
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

    @Test
    void theLeaseCountsFromWhenACommitWasSentThatTheGroupAccepts() {
        consumer.holdAnswers();
        time.advance(DUE.multipliedBy(2));
        finish(0);
        committer.commitIfDue();
        time.advance(DUE);
        assertThat(lease.isHeld()).as("nothing was accepted").isFalse();

        consumer.answerCommit();

        assertThat(lease.isHeld()).isTrue();
        time.advance(DUE.multipliedBy(2));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aCommitThatIsRefusedRenewsNothing() {
        consumer.failCommitsWith(new CommitFailedException());
        time.advance(DUE.multipliedBy(2));
        finish(0);
        committer.commitIfDue();
        time.advance(DUE);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void whereNothingEndsTheLeaseIsRenewedAllTheSame() {
        finish(0);
        committer.commitIfDue();
        time.advance(DUE.minusMillis(1));
        committer.commitIfDue();
        assertThat(consumer.commits()).hasSize(1);

        time.advance(Duration.ofMillis(1));
        committer.commitIfDue();

        assertThat(consumer.commits()).hasSize(2);
        assertThat(lastCommit()).isEqualTo(new OffsetAndMetadata(1, ""));
        time.advance(DUE.multipliedBy(3).minusMillis(1));
        assertThat(lease.isHeld()).isTrue();
    }

    /** The commits of what has ended, all in one, cannot succeed while one of the topics is gone. */
    @Test
    void thePartitionOfADeletedTopicDoesNotStopTheOthers() {
        thereIsAnotherPartition();
        consumer.failCommitsWith(new UnknownTopicOrPartitionException(), new UnknownTopicOrPartitionException());
        committer.commitIfDue();
        time.advance(DUE);

        committer.commitIfDue();
        time.advance(Committer.INTERVAL);
        committer.commitIfDue();

        assertThat(lastCommits(2)).doesNotHaveDuplicates().allMatch(commit -> commit.size() == 1);
        time.advance(DUE.multipliedBy(2));
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void whatIsCommittedForTheLeaseAloneSaysNothingOfWhatHasEnded() {
        thereIsAnotherPartition();
        consumer.failCommitsWith(new TimeoutException("slow"));
        finish(0);
        committer.commitIfDue();
        time.advance(DUE);
        committer.commitIfDue();
        assertThat(lastCommits(1)).allMatch(commit -> commit.size() == 1);

        assignment.settleClosed();

        assertThat(board.note(new Place(PARTITION, 0)).flatMap(Note::ended)).contains(Ending.DONE);
    }

    @Test
    void whatHasEndedIsCommittedFirstWhenTheLeaseIsDueAsWell() {
        thereIsAnotherPartition();
        committer.commitIfDue();
        time.advance(DUE);
        finish(0);

        committer.commitIfDue();

        assertThat(lastCommit()).isEqualTo(new OffsetAndMetadata(1, ""));
        time.advance(UncommittedEndings.PATIENCE);
        assignment.settleClosed();
        assertThat(board.notes()).isZero();
    }

    /** The client fails the whole commit, though brokers keep what it says of the others. */
    @Test
    void aTopicThatMayNotBeReadIsLeftOutOfTheCommitsOfOthers() {
        Slot unused = openOfTheForbidden();
        finish(0);
        committer.commitIfDue();
        assertThat(committed()).as("with the other one it is refused").isZero();

        turns(1);
        assertThat(committed()).isEqualTo(1);
        finish(1);
        turns(10);

        assertThat(committed()).isEqualTo(2);
        assertThat(consumer.commits()).hasSize(3);
        assertThat(board.notes()).isZero();
        assertThat(committer.isBehind()).as("or the loop would never wait").isFalse();
    }

    /** A commit that arrives says nothing of it. */
    @Test
    void whatEndsOfATopicThatMayNotBeReadIsTold() {
        Slot slot = openOfTheForbidden();
        finish(0);
        slot.close(Ending.DONE);
        turns(2);

        assertThat(committed()).isEqualTo(1);
        assertThat(board.note(new Place(OTHER, 0)).flatMap(Note::ended)).contains(Ending.DONE);
        assertThat(board.notes()).isEqualTo(1);
    }

    @Test
    void aTopicThatMayNotBeReadIsTriedAloneAndIsOneOfAllOnceItIsAccepted() {
        Slot slot = openOfTheForbidden();
        committer.commitIfDue();
        turns(1);
        time.advance(Forbidden.RETRY_INTERVAL.minus(Committer.INTERVAL));
        finish(0);
        committer.commitIfDue();
        assertThat(lastCommits(1))
                .as("in vain")
                .allMatch(commit -> commit.keySet().equals(Set.of(OTHER)));
        turns(1);
        assertThat(committed()).isEqualTo(1);

        consumer.allow(OTHER.topic());
        time.advance(Forbidden.RETRY_INTERVAL);
        committer.commitIfDue();
        assertThat(lastCommits(1)).allMatch(commit -> commit.keySet().equals(Set.of(OTHER)));
        slot.close(Ending.DONE);
        finish(1);
        turns(1);

        assertThat(lastCommits(1)).allMatch(commit -> commit.size() == 2);
        assertThat(forbidden.count()).isZero();
        turns(10);
        assertThat(board.notes()).isZero();
    }

    @Test
    void theLeaseIsNotRenewedByWhatMayNotBeCommitted() {
        Slot unused = openOfTheForbidden();
        committer.commitIfDue();
        turns(1);
        for (int renewal = 0; renewal < 4; renewal++) {
            time.advance(DUE);
            committer.commitIfDue();
            assertThat(lastCommits(1)).allMatch(commit -> commit.keySet().equals(Set.of(PARTITION)));
        }
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void whereNothingMayBeCommittedBrokersAreAskedOnceAMinute() {
        consumer.forbid(PARTITION.topic());
        finish(0);
        committer.commitIfDue();
        turns(80);
        assertThat(consumer.commits()).hasSize(1);
        assertThat(lease.isHeld()).isTrue();

        time.advance(SESSION_TIMEOUT);
        turns(1);
        assertThat(consumer.commits()).hasSize(1);
        assertThat(lease.isHeld()).isFalse();

        consumer.allow(PARTITION.topic());
        time.advance(Forbidden.RETRY_INTERVAL);
        turns(1);
        assertThat(committed()).isEqualTo(1);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aTopicThatMayNotBeReadAndGoesIsForgotten() {
        Slot unused = openOfTheForbidden();
        committer.commitIfDue();
        assertThat(forbidden.has(OTHER)).isTrue();
        assignment.remove(OTHER);

        time.advance(Forbidden.RETRY_INTERVAL);
        committer.commitIfDue();

        assertThat(forbidden.has(OTHER)).isFalse();
    }

    @Test
    void whoWaitsInARebalanceKeepsItsLeaseForAWhile() {
        int turns = Math.toIntExact(Lease.LONGEST_REBALANCE.dividedBy(DUE));
        refuseForARebalance(turns + 4);
        for (int turn = 1; turn < turns; turn++) {
            time.advance(DUE);
            committer.commitIfDue();
            assertThat(lease.isHeld()).isTrue();
        }

        for (int turn = 0; turn < 4; turn++) {
            time.advance(DUE);
            committer.commitIfDue();
        }
        assertThat(lease.isHeld()).as("it may be cut off").isFalse();
    }

    @Test
    void whoWaitsInARebalanceDoesNotGetBackALeaseThatItHadLost() {
        refuseForARebalance(1);
        time.advance(SESSION_TIMEOUT);
        committer.commitIfDue();
        assertThat(lease.isHeld()).isFalse();
    }

    private Slot openOfTheForbidden() {
        consumer.forbid(OTHER.topic());
        return assignment.add(OTHER, new OffsetAndMetadata(0)).open(0, 0);
    }

    /** As the loop does. */
    private void turns(int count) {
        for (int turn = 0; turn < count; turn++) {
            time.advance(Committer.INTERVAL);
            assignment.settleClosed();
            committer.commitIfDue();
        }
    }

    private void thereIsAnotherPartition() {
        PartitionLedger unused = assignment.add(OTHER, new OffsetAndMetadata(0));
    }

    private List<Map<TopicPartition, OffsetAndMetadata>> lastCommits(int count) {
        int size = consumer.commits().size();
        return consumer.commits().subList(size - count, size);
    }

    private void refuseForARebalance(int times) {
        for (int i = 0; i < times; i++) {
            consumer.failCommitsWith(new RebalanceInProgressException("goes on"));
        }
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
