package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mediawiki.jobqueue.changeprop.LogLines;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
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

/** What the loop says of jobs that outlive their partition's stay here, and what it hears of those of others. */
@Timeout(60)
class HandOverTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final TopicPartition B = new TopicPartition("eqiad.mediawiki.job.b", 0);
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final JobAtWork JOB = new JobAtWork("a", "enwiki", "s1", "id", Optional.empty());

    private final FakeTime time = new FakeTime();
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final ScriptedConsumer another = new ScriptedConsumer();
    private final Deque<ScriptedConsumer> consumers = new ArrayDeque<>(List.of(consumer, another));
    private final Deque<RuntimeException> unmade = new ArrayDeque<>();
    private final RecordingHandler handler = new RecordingHandler();
    private final Tally tally = new Tally();
    private final FakeBoard board = new FakeBoard();
    private final Fleet here = board.join("here", "1");
    private final Fleet there = board.join("there", "1");
    private final FleetNotes notesHere = new FleetNotes(here, board);
    private final FleetNotes notesThere = new FleetNotes(there, board);
    private final Lease lease = new Lease(time, SESSION_TIMEOUT);
    private final PollLoop loop = new PollLoop(parts(this::makeConsumer, lease), handler, tally, time);
    private final long began = time.nanos();
    private final List<Runnable> steps = new ArrayList<>();
    private final List<Throwable> failed = new ArrayList<>();

    @BeforeEach
    void bothAreThere() {
        consumer.updateBeginningOffsets(Map.of(A, 0L, B, 0L));
        another.updateBeginningOffsets(Map.of(A, 0L, B, 0L));
        board.beat(here);
        board.beat(there);
        handler.takeLong();
        handler.onRelease(() -> time.advance(HandOver.MOMENT));
    }

    @Test
    void whatRunsWhenItsPartitionGoesIsNotedAndItsEndIsSaid() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.addRecords(A, 0, 3));
        step(() -> handler.finish(0));
        step(() -> consumer.rebalance(List.of(B)));
        step(() -> {
            assertThat(board.note(new Place(A, 0))).isEmpty();
            assertThat(board.note(new Place(A, 1))
                            .orElseThrow()
                            .job()
                            .orElseThrow()
                            .id())
                    .isEqualTo("id 1");
            assertThat(endOf(A, 1)).isEmpty();
            assertThat(tally.open()).isZero();
            handler.finish(1);
        });
        step(() -> assertThat(endOf(A, 1)).contains(Ending.DONE));
        step(() -> {
            assertThat(endOf(A, 2)).isEmpty();
            handler.releaseAll();
        });
        step(() -> assertThat(endOf(A, 2)).contains(Ending.RELEASED));
        run();
    }

    @Test
    void nothingIsNotedOfWhatEndsInTime() {
        handler.onRelease(() -> handler.finish(0));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> assertThat(board.notes()).isZero());
        step(() -> handler.onRelease(() -> {}));
        run();
        assertThat(committed(A)).isEqualTo(1);
    }

    @Test
    void whatCannotBeNotedIsNamed() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            board.refuse(new KafkaException("no"));
            consumer.rebalance(List.of());
        });
        step(() -> assertThat(handler.leftRunning()).containsExactly(Set.of(A)));
        run();
    }

    @Test
    void aPartitionBeginsOnlyWhenItsNotesAreKnownAndTheHandlerHasThem() {
        board.holdBarriers();
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            assertThat(handler.handled()).isEmpty();
            write(A, 1);
            board.openBarriers();
        });
        step(() -> {});
        step(() -> {
            assertThat(handler.expected())
                    .containsExactly(new Expected(new Place(A, 1), Optional.of(JOB), true, Optional.empty()));
            assertThat(handler.handled()).containsExactly(0L, 1L);
        });
        run();
    }

    @Test
    void aPartitionThatHasWaitedForItsNotesForTooLongBeginsWithoutThem() {
        board.holdBarriers();
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> time.advance(InheritedJobs.PATIENCE.minusMillis(100)));
        step(() -> assertThat(handler.handled()).isEmpty());
        step(() -> time.advance(Duration.ofMillis(100)));
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(0L));
        run();
    }

    @Test
    void theHandlerHearsHowAJobHasEndedThere() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> assertThat(handler.endedElsewhere()).isEmpty());
        step(() -> notesThere.ended(new Place(A, 0), Ending.RETRIED));
        step(() -> assertThat(handler.endedElsewhere()).containsOnly(Map.entry(new Place(A, 0), Ending.RETRIED)));
        run();
    }

    @Test
    void whatHadEndedBeforeIsToldWithItsEnd() {
        write(A, 0);
        notesThere.ended(new Place(A, 0), Ending.DONE);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> assertThat(handler.expected())
                .containsExactly(new Expected(new Place(A, 0), Optional.of(JOB), false, Optional.of(Ending.DONE))));
        run();
    }

    @Test
    void whatWasReleasedThereIsAJobLikeAnyOther() {
        write(A, 0);
        notesThere.ended(new Place(A, 0), Ending.RELEASED);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> assertThat(handler.expected()).isEmpty());
        run();
        assertThat(board.notes()).isZero();
    }

    @Test
    void whoIsSilentForTenHeartbeatsRunsNothingAnyMore() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> beat(here, 9));
        step(() -> {
            assertThat(handler.endedElsewhere()).isEmpty();
            board.beat(here);
        });
        step(() -> assertThat(handler.endedElsewhere()).containsOnly(Map.entry(new Place(A, 0), Ending.RELEASED)));
        run();
        assertThat(board.notes()).as("it is a job like any other from here on").isZero();
    }

    @Test
    void whoHasEndedRunsNothingAnyMore() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> board.end(there));
        step(() -> assertThat(handler.endedElsewhere()).containsOnly(Map.entry(new Place(A, 0), Ending.RELEASED)));
        run();
    }

    @Test
    void aNoteOfAnEarlierRunOfOursHoldsNoLonger() {
        FleetNotes before = new FleetNotes(board.join("here", "0"), board);
        before.write(new Place(A, 0), Optional.of(JOB)).join();
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> assertThat(handler.expected()).isEmpty());
        run();
    }

    @Test
    void whatRunsHereItselfTakesItsSlotsAlready() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {
            assertThat(handler.expected()).hasSize(1);
            assertThat(handler.expected().get(0).takesSlots()).isFalse();
            assertThat(handler.expected().get(0).ended()).isEmpty();
        });
        run();
    }

    @Test
    void whatRunsInAnotherLaneOfThisInstanceTakesItsSlotsInThisLaneToo() {
        ScriptedConsumer itsConsumer = new ScriptedConsumer();
        RecordingHandler itsHandler = new RecordingHandler();
        PollLoop.Parts itsParts = parts(() -> itsConsumer, new Lease(time, SESSION_TIMEOUT));
        PollLoop itsLoop = new PollLoop(itsParts, itsHandler, new Tally(), time);
        itsConsumer.updateBeginningOffsets(Map.of(A, 0L));
        itsConsumer.schedulePollTask(() -> itsConsumer.rebalance(List.of(A)));
        itsConsumer.schedulePollTask(itsLoop::stop);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(itsLoop);
        step(() -> {
            assertThat(itsHandler.expected()).hasSize(1);
            assertThat(itsHandler.expected().get(0).takesSlots()).isTrue();
            consumer.rebalance(List.of(A));
        });
        step(() -> {
            assertThat(handler.expected()).hasSize(1);
            assertThat(handler.expected().get(0).takesSlots())
                    .as("in the lane that it came from")
                    .isFalse();
        });
        run();
    }

    /** Others took this instance for gone, and it was not. */
    @Test
    void whatSomebodyElseHasBegunAnewTakesItsSlotsThoughItStillRunsHere() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> {
            write(A, 0);
            consumer.rebalance(List.of(A));
        });
        step(() -> {
            assertThat(handler.expected()).hasSize(1);
            assertThat(handler.expected().get(0).takesSlots()).isTrue();
        });
        run();
    }

    @Test
    void aJobThatCameBackAndEndsIsSaidToHaveEnded() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> handler.open().get(1).close(Ending.DONE));
        step(() -> assertThat(board.note(new Place(A, 0)).flatMap(Note::ended)).contains(Ending.DONE));
        run();
    }

    @Test
    void aJobThatCameBackAndWentAgainUnheardIsSaidToHaveEnded() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        handlerDoesNotTellWhatIsAtWorkFromThen();
        step(() -> consumer.rebalance(List.of()));
        step(() -> handler.open().get(1).close(Ending.DONE));
        step(() -> assertThat(endOf(A, 0)).contains(Ending.DONE));
        run();
    }

    /** Its retry event is being written, and nobody else knows of it; the record that was polled again has waited for it. */
    @Test
    void whatIsGivenBackOfARecordSaysNothingOfWhatIsStillBeingDoneWithIt() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> handler.forgetWhatIsAtWork());
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> consumer.rebalance(List.of()));
        step(() -> handler.open().get(1).close(Ending.RELEASED));
        step(() -> assertThat(endOf(A, 0)).isEmpty());
        step(() -> handler.open().get(0).close(Ending.RETRIED));
        step(() -> assertThat(endOf(A, 0)).contains(Ending.RETRIED));
        run();
    }

    /** Whoever gets the partition next begins when it has read the notes that were acknowledged by then. */
    @Test
    void whatCannotBeCommittedBeforeItsPartitionGoesIsSaidToHaveEnded() {
        consumer.whileItWaits(time::advance);
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            consumer.answerNothing();
            handler.finish(0);
            consumer.rebalance(List.of(B));
        });
        step(() -> {
            assertThat(endOf(A, 0)).contains(Ending.DONE);
            assertThat(endOf(A, 1)).isEmpty();
        });
        run();
    }

    @Test
    void whatHasEndedOfATopicThatMayNotBeReadAnyMoreIsSaidBeforeItGoesAndNothingIsWaitedFor() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            consumer.forbid(A.topic());
            handler.finish(0);
            consumer.rebalance(List.of(B));
        });
        step(() -> {
            assertThat(endOf(A, 0)).contains(Ending.DONE);
            assertThat(endOf(A, 1)).isEmpty();
        });
        run();
    }

    @Test
    void aPartitionGoesOnlyWhenWhatIsSaidInsteadOfACommitIsKnownToBeHeard() {
        AtomicBoolean heard = new AtomicBoolean();
        consumer.whileItWaits(patience -> {
            time.advance(patience);
            if (time.nanos() - began > Duration.ofSeconds(4).toNanos()) {
                heard.set(true);
                board.acknowledge();
            }
        });
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            consumer.answerNothing();
            board.holdAcknowledgements();
            handler.finish(0);
            consumer.rebalance(List.of());
            assertThat(heard).isTrue();
        });
        run();
    }

    @Test
    void whatCannotBeCommittedBeforeAStopIsSaidToHaveEnded() {
        consumer.whileItWaits(time::advance);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            consumer.answerNothing();
            handler.finish(0);
        });
        run();
        assertThat(endOf(A, 0)).contains(Ending.DONE);
    }

    /** The coordinator answers nothing else of ours while a rebalance waits for its slowest member. */
    @Test
    void whatEndsWhileATakeoverWaitsForItsAnswerIsSettledAllTheSame() {
        consumer.whileItWaits(time::advance);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            consumer.keepCommittedFor(3);
            consumer.rebalance(List.of(A, B));
            handler.finish(0);
        });
        step(() -> assertThat(committed(A)).isEqualTo(1));
        step(() -> {
            consumer.addRecords(B, 0, 1);
            handler.finish(1);
        });
        step(() -> assertThat(committed(A)).isEqualTo(2));
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(0L, 1L, 0L));
        run();
        assertThat(time.nanos() - began)
                .as("it waited a moment each turn")
                .isLessThan(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void aNoteOfWhatHasEndedIsRemovedWhenTheMetadataOfACommitSayIt() {
        RebalanceInProgressException goesOn = new RebalanceInProgressException("goes on");
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            consumer.failCommitsWith(goesOn);
            handler.finish(1);
        });
        step(() -> assertThat(endOf(A, 1)).contains(Ending.DONE));
        step(() -> time.advance(Duration.ofSeconds(2)));
        step(() -> {});
        step(() -> {
            assertThat(committed(A)).as("an earlier job still runs").isZero();
            assertThat(board.notes()).isZero();
        });
        run();
    }

    @Test
    void aNoteStaysThatOfWhoeverRunsTheJobHoweverOftenThePartitionGoesOn() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        handler.onRelease(() -> {
            handler.releaseAll();
            time.advance(HandOver.MOMENT);
        });
        step(() -> consumer.rebalance(List.of()));
        step(() ->
                assertThat(board.note(new Place(A, 0)).orElseThrow().author()).isEqualTo(there.own()));
        run();
    }

    /** The client refuses commits for as long as the slowest member takes to join, and this one may die meanwhile. */
    @Test
    void whatEndsWhileARebalanceHoldsCommitsUpIsSaidToHaveEnded() {
        RebalanceInProgressException goesOn = new RebalanceInProgressException("goes on");
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 4));
        step(() -> {
            consumer.failCommitsWith(goesOn, goesOn);
            handler.finish(1);
        });
        step(() -> {
            assertThat(endOf(A, 1)).as("what the first refused commit said").contains(Ending.DONE);
            assertThat(idAt(A, 1)).as("without which nobody goes by it").isEqualTo("id 1");
            handler.finish(2);
        });
        step(() -> {
            assertThat(endOf(A, 2)).as("what came later").contains(Ending.DONE);
            assertThat(board.note(new Place(A, 3))).isEmpty();
            handler.finish(0);
        });
        step(() -> {
            assertThat(committed(A)).as("commits arrive again").isEqualTo(3);
            handler.finish(3);
            time.advance(Duration.ofSeconds(2));
        });
        step(() -> {});
        step(() -> assertThat(board.notes()).as("nobody needs them any more").isZero());
        run();
    }

    @Test
    void whatIsNotKnownToRunInTimeIsNotedByItsId() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        handlerDoesNotTellWhatIsAtWork();
        step(() -> consumer.rebalance(List.of()));
        step(() -> assertThat(idAt(A, 0)).isEqualTo("id 0"));
        run();
    }

    @Test
    void whatHasEndedThereIsNotNotedAnewAlthoughOurHandlerHasNotClosedItYet() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> notesThere.ended(new Place(A, 0), Ending.DONE));
        handlerDoesNotTellWhatIsAtWork();
        step(() -> consumer.rebalance(List.of()));
        step(() -> assertThat(endOf(A, 0)).contains(Ending.DONE));
        run();
    }

    @Test
    void nothingStartsUntilTheHandlerHasHeardWhatIsGivenUp() {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        handler.hearOfReleaseWhen(heard);
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.rebalance(List.of(B)));
        step(() -> {
            assertThat(lease.isHeld()).isFalse();
            assertThat(handler.wentOn()).isZero();
            heard.complete(null);
        });
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.wentOn()).isEqualTo(1);
        });
        run();
    }

    @Test
    void aNoteIsRemovedWhenWhatItSaysIsCommitted() {
        write(A, 0);
        notesThere.ended(new Place(A, 0), Ending.DONE);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> time.advance(Duration.ofSeconds(2)));
        step(() -> {
            assertThat(board.notes()).isEqualTo(1);
            handler.finish(0);
        });
        step(() -> time.advance(Duration.ofSeconds(2)));
        step(() -> assertThat(board.notes()).isZero());
        run();
    }

    @Test
    void aStopHandsEverythingOverAndWaitsForWhatRuns() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        stopAfterSteps();
        AtomicInteger shown = new AtomicInteger();
        Thread runner = new Thread(() -> {
            await().until(() -> consumer.closed() && board.notes() == 2);
            shown.set(loop.holdings().handedOver());
            handler.finish(0, 1);
        });
        runner.start();
        loopRuns();
        assertThat(shown).as("while it drains").hasValue(2);
        assertThat(loop.holdings().handedOver()).isZero();
        assertThat(endOf(A, 0)).contains(Ending.DONE);
        assertThat(endOf(A, 1)).contains(Ending.DONE);
        assertThat(handler.leftRunning()).isEmpty();
    }

    @Test
    void aStopWaitsForWhatRunsBelowTheEndThatALogHasLost() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 10));
        step(() -> handler.finish(0, 2, 3, 4, 5, 6, 7, 8, 9));
        step(() -> {
            consumer.seek(A, 5);
            consumer.addRecords(A, 5, 6);
        });
        stopAfterSteps();
        Thread runner = new Thread(() -> {
            await().until(() -> consumer.closed() && board.notes() == 2);
            handler.finish(1, 5);
        });
        runner.start();
        loopRuns();
        assertThat(endOf(A, 1)).contains(Ending.DONE);
        assertThat(endOf(A, 5)).contains(Ending.DONE);
        assertThat(committed(A)).isEqualTo(1);
    }

    @Test
    void whatStillRunsWhenAStopHasNoMoreTimeIsNamed() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        stopAfterSteps();
        Thread clock = new Thread(() -> {
            await().until(() -> consumer.closed() && board.notes() == 2);
            assertThat(handler.leftRunning()).as("while it drains").isEmpty();
            time.advance(DRAIN_TIMEOUT);
        });
        clock.start();
        loopRuns();
        assertThat(handler.leftRunning()).containsExactly(Set.of(A));
    }

    /** The receipt of its retry comes while the outbox is closed. */
    @Test
    void whatEndsWhenALoopHasReturnedIsSaidAsWell() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        stopAfterSteps();
        Thread clock = new Thread(() -> {
            await().until(() -> consumer.closed() && board.notes() == 1);
            time.advance(DRAIN_TIMEOUT);
        });
        clock.start();
        loopRuns();
        handler.open().get(0).close(Ending.RETRIED);
        assertThat(endOf(A, 0)).isEmpty();

        loop.settleLate();

        assertThat(endOf(A, 0)).contains(Ending.RETRIED);
    }

    @Test
    void anotherConsumerTakesThePlaceOfOneThatIsOfNoUseAndWhatRunsGoesOn() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            handler.finish(0);
            loop.renew();
        });
        steps.forEach(consumer::schedulePollTask);
        another.alreadyCommitted(A, 1, "");
        another.schedulePollTask(() -> {
            assertThat(consumer.closed()).isTrue();
            assertThat(committed(A)).isEqualTo(1);
            assertThat(another.subscriptions()).isEqualTo(consumer.subscriptions());
            assertThat(idAt(A, 1)).isEqualTo("id 1");
            another.rebalance(List.of(A));
        });
        another.schedulePollTask(() -> another.addRecords(A, 1, 2));
        another.schedulePollTask(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.expected()).hasSize(1);
            assertThat(handler.expected().get(0).takesSlots()).isFalse();
            handler.open().get(1).close(Ending.DONE);
        });
        another.schedulePollTask(() ->
                assertThat(board.note(new Place(A, 1)).flatMap(Note::ended)).contains(Ending.DONE));
        another.schedulePollTask(loop::stop);
        loop.run();
        assertThat(another.closed()).isTrue();
    }

    /** As while no name of a broker resolves, or a file of certificates is being replaced. */
    @Test
    void aConsumerGoesOnUntilAnotherCanBeMade() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            handler.finish(0);
            unmade.add(new KafkaException("no resolvable bootstrap urls"));
            loop.renew();
        });
        step(() -> assertThat(unmade).as("not tried yet").hasSize(1));
        step(() -> {
            assertThat(unmade).as("tried").isEmpty();
            assertThat(consumer.closed()).isFalse();
            assertThat(handler.released()).as("nothing is given up meanwhile").isEmpty();
            assertThat(committed(A)).isEqualTo(1);
        });
        steps.forEach(each -> consumer.schedulePollTask(() -> {
            time.advance(Committer.INTERVAL);
            checked(each);
        }));
        another.alreadyCommitted(A, 1, "");
        another.schedulePollTask(() -> another.rebalance(List.of(A)));
        another.schedulePollTask(() -> checked(() -> {
            assertThat(consumer.closed()).isTrue();
            assertThat(consumers).isEmpty();
            handler.finish(1);
        }));
        another.schedulePollTask(loop::stop);
        loopRuns();
        assertThat(another.closed()).isTrue();
    }

    /** It may be waiting for records, by a clock that stands still. */
    @Test
    void whoWaitsForRecordsIsWokenWhenAnotherConsumerIsToTakeItsPlace() {
        consumer.schedulePollTask(loop::renew);
        another.schedulePollTask(loop::stop);
        loop.run();
        assertThat(consumer.closed()).isTrue();
        assertThat(consumers).isEmpty();
    }

    @Test
    void whoeverStoodStillStartsNothingUntilTheGroupAcceptsACommit() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {});
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            time.advance(SESSION_TIMEOUT);
            assertThat(lease.isHeld()).isFalse();
            consumer.failCommitsWith(new CommitFailedException(), new KafkaException("slow"));
        });
        step(() -> assertThat(lease.isHeld()).as("refused").isFalse());
        step(() -> {
            assertThat(lease.isHeld()).as("no answer").isFalse();
            assertThat(handler.wentOn()).isZero();
        });
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.wentOn()).isEqualTo(1);
            assertThat(committed(A)).isZero();
        });
        run();
    }

    /** Brokers go on to give records to a member that the group has dropped. */
    @Test
    void whatIsPolledWithoutALeaseIsPutBack() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {});
        step(() -> {
            consumer.addRecords(A, 0, 2);
            consumer.failCommitsWith(new CommitFailedException());
            time.advance(SESSION_TIMEOUT);
        });
        step(() -> {
            assertThat(consumer.position(A)).isZero();
            assertThat(consumer.paused()).containsExactly(A);
        });
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.handled()).isEmpty();
            consumer.addRecords(A, 0, 2);
        });
        step(() -> assertThat(handler.handled()).containsExactly(0L, 1L));
        run();
    }

    /** The brokers were away, so that the lease is over, and came back without the end of a log. */
    @Test
    void whatIsPolledWithoutALeaseBehindALostEndIsReadAgainFromThere() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 10));
        step(() -> {
            consumer.seek(A, 5);
            consumer.addRecords(A, 5, 6);
            consumer.failCommitsWith(new CommitFailedException());
            time.advance(SESSION_TIMEOUT);
        });
        step(() -> assertThat(consumer.position(A)).isEqualTo(5));
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            consumer.addRecords(A, 5, 6);
        });
        step(() -> {
            assertThat(handler.handled()).endsWith(9L, 5L);
            handler.finish(0, 1, 2, 4);
        });
        step(() -> assertThat(committed(A)).isEqualTo(3));
        run();
    }

    /** Its partitions may be another's, who has committed what ended there, and removed the note. */
    @Test
    void whatIsHeardOfJobsElsewhereWithoutALeaseIsNotBelieved() {
        write(A, 0);
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {});
        step(() -> {
            consumer.failCommitsWith(new CommitFailedException());
            time.advance(SESSION_TIMEOUT);
            notesThere.remove(new Place(A, 0));
        });
        step(() -> {
            assertThat(lease.isHeld()).isFalse();
            assertThat(handler.endedElsewhere()).isEmpty();
        });
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.endedElsewhere()).containsOnly(Map.entry(new Place(A, 0), Ending.RELEASED));
        });
        run();
    }

    /** Its polls return as ever: nothing else says that nobody hears it. */
    @Test
    void whoeverIsCutOffStartsNothingOnceItsSessionMayEnd() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {
            consumer.answerNothing();
            consumer.whileItWaits(time::advance);
        });
        for (int turn = 0; turn < 4; turn++) {
            step(() -> {
                assertThat(lease.isHeld()).isTrue();
                time.advance(SESSION_TIMEOUT.dividedBy(5));
            });
        }
        step(() -> {
            assertThat(lease.isHeld()).isFalse();
            assertThat(handler.wentOn()).isZero();
        });
        run();
    }

    /**
     * It may have been given them long ago, and have stood still since, or been cut off: then they are another's by now, and
     * nothing says so but the answer to a commit.
     */
    @Test
    void whatComesToWhoeverOwnedNothingStartsWhenTheGroupHasAcceptedACommit() {
        step(() -> time.advance(SESSION_TIMEOUT));
        step(() -> {
            consumer.rebalance(List.of(A));
            consumer.addRecords(A, 0, 1);
            consumer.failCommitsWith(new CommitFailedException());
        });
        step(() -> assertThat(lease.isHeld()).as("nothing was committed").isFalse());
        step(() -> {
            assertThat(lease.isHeld()).as("refused").isFalse();
            assertThat(handler.wentOn()).isZero();
        });
        step(() -> {
            assertThat(lease.isHeld()).isTrue();
            assertThat(handler.wentOn()).isEqualTo(1);
            assertThat(handler.handled()).isEmpty();
        });
        step(() -> assertThat(handler.handled()).containsExactly(0L));
        run();
    }

    /** It would stand in the log whenever an instance starts. */
    @Test
    void thatAFirstCommitIsWaitedForIsNoNews() {
        try (LogLines lines = LogLines.of(LeaseWatch.class)) {
            step(() -> time.advance(SESSION_TIMEOUT));
            step(() -> consumer.rebalance(List.of(A)));
            step(() -> {});
            step(() -> {
                assertThat(lease.isHeld()).isTrue();
                assertThat(lines.ofThisThread()).isEmpty();
                consumer.failCommitsWith(new CommitFailedException());
                time.advance(SESSION_TIMEOUT);
            });
            step(() ->
                    assertThat(lines.ofThisThread()).as("a lease that is lost").isNotEmpty());
            run();
        }
    }

    private void handlerDoesNotTellWhatIsAtWorkFromThen() {
        step(this::handlerDoesNotTellWhatIsAtWork);
    }

    private void handlerDoesNotTellWhatIsAtWork() {
        handler.onRelease(() -> {
            handler.forgetWhatIsAtWork();
            time.advance(HandOver.MOMENT);
        });
    }

    private String idAt(TopicPartition partition, long offset) {
        return board.note(new Place(partition, offset))
                .flatMap(Note::job)
                .map(JobAtWork::id)
                .orElse("");
    }

    private Optional<Ending> endOf(TopicPartition partition, long offset) {
        return notesThere.endOf(new Place(partition, offset));
    }

    private void write(TopicPartition partition, long offset) {
        notesThere.write(new Place(partition, offset), Optional.of(JOB)).join();
    }

    private void beat(Fleet fleet, int times) {
        for (int i = 0; i < times; i++) {
            board.beat(fleet);
        }
    }

    private long committed(TopicPartition partition) {
        return consumer.commits().stream()
                .filter(commit -> commit.containsKey(partition))
                .mapToLong(commit -> commit.get(partition).offset())
                .reduce(0, (before, last) -> last);
    }

    private void step(Runnable step) {
        steps.add(step);
    }

    private void run() {
        step(handler::takeShort);
        stopAfterSteps();
        loopRuns();
    }

    private void stopAfterSteps() {
        for (Runnable step : steps) {
            consumer.schedulePollTask(() -> {
                time.advance(Committer.INTERVAL);
                checked(step);
            });
        }
        consumer.schedulePollTask(loop::stop);
    }

    private void checked(Runnable step) {
        try {
            step.run();
        } catch (AssertionError e) {
            failed.add(e);
        }
    }

    private PollLoop.Parts parts(Supplier<Consumer<byte[], byte[]>> itsConsumers, Lease itsLease) {
        return new PollLoop.Parts(
                itsConsumers,
                new PollSizeGuard(),
                TOPICS,
                (own, taken, commit) -> Set.of(),
                new PollLoop.Settings(TOPICS.allBut(Set.of()).pattern(), new FlowControl(100, 1 << 20), Set.of()),
                new Strays(time),
                notesHere,
                itsLease,
                DRAIN_TIMEOUT);
    }

    private ScriptedConsumer makeConsumer() {
        if (!unmade.isEmpty()) {
            throw unmade.remove();
        }
        return consumers.remove();
    }

    private void loopRuns() {
        loop.run();
        assertThat(failed).isEmpty();
    }
}
