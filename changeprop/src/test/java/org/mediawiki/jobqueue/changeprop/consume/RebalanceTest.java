package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.consume.InheritedJobsListener.Expected;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.Fleet;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Note;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** What {@link PollLoopTest} cannot bring about: the consumer that it scripts loses no partitions. */
class RebalanceTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final JobAtWork JOB =
            new JobAtWork("a", "enwiki", "s1", "id 0", Optional.of(Instant.ofEpochSecond(1_700_000_000)));

    private final FakeTime time = new FakeTime();
    private final RecordingHandler handler = new RecordingHandler();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final FakeBoard board = new FakeBoard();
    private final Fleet here = board.join("here", "1");
    private final Fleet there = board.join("there", "1");
    private final List<Runnable> later = new ArrayList<>();
    private final FleetNotes notes = new FleetNotes(here, board, later::add);
    private final FleetNotes notesThere = new FleetNotes(there, board);
    private final RevokedSlots revokedSlots = new RevokedSlots(notes);
    private final Tally tally = new Tally();
    private final Assignment assignment = new Assignment(new Topics("eqiad", "cpjobqueue"), tally, revokedSlots, time);
    private final Lease lease = new Lease(time, Duration.ofSeconds(6));
    private final Committer committer =
            new Committer(() -> consumer, assignment, lease, new Forbidden(assignment, time), time);
    private final InheritedJobs inheritedJobs = new InheritedJobs(notes, revokedSlots, assignment, handler, time);
    private final Takeover takeover =
            new Takeover(() -> consumer, (own, taken, commit) -> Set.of(), assignment, inheritedJobs, time);
    private final Rebalance rebalance = new Rebalance(
            takeover,
            assignment,
            new HandOver(assignment, revokedSlots, inheritedJobs, committer, handler, lease, time));

    @BeforeEach
    void bothAreThere() {
        board.beat(here);
        board.beat(there);
    }

    /** The group has dropped a member that is well: the broker that keeps it stood still. */
    @Test
    void whatRunsOfLostPartitionsIsSaidAndSoIsWhatHasJustEnded() {
        polled(2);
        handler.finish(1);

        rebalance.onPartitionsLost(List.of(A));

        assertThat(handler.released()).containsExactly(List.of(A));
        assertThat(consumer.commits()).isEmpty();
        assertThat(assignment.size()).isZero();
        assertThat(tally.open()).isZero();
        assertThat(notesThere.endOf(new Place(A, 1))).contains(Ending.DONE);
        assertThat(notesThere.endOf(new Place(A, 0))).as("it runs").isEmpty();
        assertThat(board.note(new Place(A, 0)).flatMap(Note::job).map(JobAtWork::id))
                .contains("id 0");
        assertThat(handler.leftRunning())
                .as("which would say that it runs again")
                .isEmpty();

        handler.finish(0);
        assignment.settleClosed();
        assertThat(notesThere.endOf(new Place(A, 0))).contains(Ending.DONE);
    }

    @Test
    void whatHasNotStartedOfLostPartitionsIsNotNoted() {
        polled(1);
        handler.onRelease(handler::releaseAll);

        rebalance.onPartitionsLost(List.of(A));

        assertThat(board.notes()).isZero();
    }

    /** It was said by who handed it over, and may have begun it: nothing that comes late may take that back. */
    @Test
    void whatSomebodyElseHasSaidOfLostPartitionsStands() {
        polled(1);
        notesThere.write(new Place(A, 0), Optional.of(JOB)).join();

        rebalance.onPartitionsLost(List.of(A));

        assertThat(board.note(new Place(A, 0)).map(Note::author)).contains(there.own());
    }

    /** Both were dropped while they ran it, and the other one was the first to say so. */
    @Test
    void howAJobOfLostPartitionsEndsIsSaidThoughSomebodyElseHasSaidThatItRunsThere() {
        polled(1);
        notesThere.writeLost(new Place(A, 0), Optional.of(JOB)).join();

        rebalance.onPartitionsLost(List.of(A));

        assertThat(board.note(new Place(A, 0)).map(Note::author)).contains(there.own());
        assertThat(revokedSlots.isEmpty()).as("a drain waits for it").isFalse();

        handler.finish(0);
        assignment.settleClosed();
        assertThat(notesThere.endOf(new Place(A, 0))).contains(Ending.DONE);
        assertThat(revokedSlots.isEmpty()).isTrue();
    }

    @Test
    void whatIsGivenBackOfLostPartitionsTakesNothingBackThatSomebodyElseHasSaid() {
        polled(1);
        notesThere.writeLost(new Place(A, 0), Optional.of(JOB)).join();
        rebalance.onPartitionsLost(List.of(A));

        handler.releaseAll();
        assignment.settleClosed();

        assertThat(board.note(new Place(A, 0)).map(Note::author)).contains(there.own());
        assertThat(revokedSlots.isEmpty()).isTrue();
    }

    @Test
    void whatRunsOfLostPartitionsIsNamedWhereThatCannotBeSaidInTimeAndSaidWhenItCan() {
        polled(1);
        board.refuse(new KafkaException("no leader"));

        rebalance.onPartitionsLost(List.of(A));

        assertThat(handler.leftRunning()).containsExactly(Set.of(A));
        assertThat(consumer.commits()).isEmpty();
        board.accept();
        List.copyOf(later).forEach(Runnable::run);
        assertThat(notesThere.endOf(new Place(A, 0))).as("it runs").isEmpty();
    }

    /** Those may have been dropped as well, and hear of it with their next heartbeats. */
    @Test
    void whoHasLostPartitionsGivesTheOthersASecondToSayWhatTheyRun() {
        consumer.assign(List.of(A));
        consumer.alreadyCommitted(A, 0, "");
        rebalance.onPartitionsLost(List.of(A));
        rebalance.onPartitionsAssigned(List.of(A));

        takeover.complete();
        time.advance(Duration.ofMillis(999));
        takeover.complete();
        assertThat(assignment.owns(A)).isFalse();
        notesThere.writeLost(new Place(A, 0), Optional.of(JOB)).join();
        time.advance(Duration.ofMillis(1));
        takeover.complete();

        assertThat(assignment.owns(A)).isTrue();
        assertThat(handler.expected())
                .containsExactly(new Expected(new Place(A, 0), Optional.of(JOB), true, Optional.empty()));
    }

    @Test
    void whoHasLostNothingLatelyTakesOverAtOnce() {
        consumer.assign(List.of(A));
        consumer.alreadyCommitted(A, 0, "");
        rebalance.onPartitionsLost(List.of(A));
        time.advance(Duration.ofSeconds(1));
        rebalance.onPartitionsAssigned(List.of(A));

        takeover.complete();

        assertThat(assignment.owns(A)).isTrue();
    }

    /** A consumer that closes once everything was handed over may find that the group has dropped it meanwhile. */
    @Test
    void whatIsLostOnceEverythingWasHandedOverNeedsNothingMore() {
        consumer.assign(List.of(A));
        consumer.alreadyCommitted(A, 0, "");
        rebalance.away(true);

        rebalance.onPartitionsLost(List.of(A));

        assertThat(handler.released()).isEmpty();
        rebalance.away(false);
        rebalance.onPartitionsAssigned(List.of(A));
        takeover.complete();
        assertThat(assignment.owns(A)).as("without the pause after a loss").isTrue();
    }

    /** {@code count} records of {@link #A}, which the handler has begun. */
    private void polled(int count) {
        var unused = assignment.add(A, new OffsetAndMetadata(0));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset = 0; offset < count; offset++) {
            records.add(new ConsumerRecord<>(A.topic(), A.partition(), offset, new byte[0], new byte[10]));
        }
        handler.handle(assignment.open(new ConsumerRecords<>(Map.of(A, records), Map.of())));
    }
}
