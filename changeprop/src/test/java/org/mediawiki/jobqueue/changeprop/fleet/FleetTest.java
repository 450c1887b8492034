package org.mediawiki.jobqueue.changeprop.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** What an instance makes of the fleet's topic. */
class FleetTest {

    private static final Place PLACE = new Place("eqiad.mediawiki.job.a", 0, 17);
    private static final JobAtWork JOB =
            new JobAtWork("a", "enwiki", "s1", "id", Optional.of(Instant.ofEpochMilli(1_700_000_000_123L)));

    private final FakeBoard board = new FakeBoard();
    private final Fleet here = board.join("here", "1");
    private final Fleet there = board.join("there", "1");
    private final FleetNotes notesHere = new FleetNotes(here, board);
    private final FleetNotes notesThere = new FleetNotes(there, board);
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final FleetNotes notesOfLittlePatience = new FleetNotes(here, board, later::add);
    private final Sweep sweep = new Sweep(here, board);

    @Test
    void aNoteHoldsWhileItsAuthorIsHeardOf() {
        beat(there);
        write(notesThere);
        for (int i = 0; i < 3 * Roster.MOST_MISSED; i++) {
            beat(here);
            beat(there);
        }
        assertThat(notesHere.endOf(PLACE)).isEmpty();
        assertThat(notesHere.of(PLACE.partition()))
                .containsOnly(Map.entry(PLACE, new Note(there.own(), Optional.of(JOB), Optional.empty(), false)));
    }

    @Test
    void aNoteOfSomebodyWhoIsSilentForTenOfOurHeartbeatsHoldsNoLonger() {
        beat(there);
        write(notesThere);
        for (int i = 0; i < Roster.MOST_MISSED; i++) {
            assertThat(notesHere.endOf(PLACE)).isEmpty();
            beat(here);
        }
        assertThat(notesHere.endOf(PLACE)).contains(Ending.RELEASED);
        assertThat(here.members()).extracting(Member::present).containsExactly(true, false);
        assertThat(notesThere.endOf(PLACE)).as("it knows itself that it runs").isEmpty();
    }

    /** While Kafka stands still nobody's heartbeats come, and when it is back they come in any order. */
    @Test
    void aStandstillOfEverybodyMakesNobodyLapse() {
        beat(there);
        write(notesThere);
        for (int i = 0; i < Roster.MOST_MISSED - 1; i++) {
            beat(here);
        }
        beat(there);
        beat(here);
        assertThat(notesHere.endOf(PLACE)).isEmpty();
    }

    @Test
    void aNoteOfSomebodyWhoWasStartedAnewHoldsNoLonger() {
        beat(there);
        write(notesThere);
        beat(board.join("there", "2"));
        assertThat(notesHere.endOf(PLACE)).contains(Ending.RELEASED);
    }

    @Test
    void aNoteOfSomebodyWhoHasEndedHoldsNoLongerUnlessItSaysAnEnd() {
        beat(there);
        Place done = new Place(PLACE.partition(), 18);
        write(notesThere);
        notesThere.write(done, Optional.of(JOB)).join();
        notesThere.ended(done, Ending.DONE);
        board.end(there);
        assertThat(notesHere.endOf(PLACE)).contains(Ending.RELEASED);
        assertThat(notesHere.endOf(done)).contains(Ending.DONE);
        assertThat(here.members()).isEmpty();
    }

    @Test
    void whoStoodStillAndComesBackDoesNotEndWhatRunsElsewhereByNow() {
        beat(there);
        beat(here);
        write(notesThere);
        notesHere.write(PLACE, Optional.of(JOB)).join();

        notesThere.ended(PLACE, Ending.DONE);

        Fleet third = board.join("third", "1");
        assertThat(notesHere.endOf(PLACE)).isEmpty();
        assertThat(new FleetNotes(third, board).endOf(PLACE))
                .as("only the last note is left")
                .contains(Ending.DONE);
    }

    @Test
    void whatWasReleasedThereIsEndedByWhoeverHasRunItSince() {
        Fleet third = board.join("third", "1");
        beat(there);
        write(notesThere);
        notesThere.ended(PLACE, Ending.RELEASED);

        notesHere.finished(PLACE, Optional.of(JOB), Ending.DONE).join();

        assertThat(new FleetNotes(third, board).endOf(PLACE)).contains(Ending.DONE);
    }

    @Test
    void whatHasEndedForGoodIsNotReleasedBySomebodyElseThoughWhoEndedItIsGone() {
        Fleet third = board.join("third", "1");
        beat(there);
        write(notesThere);
        write(notesHere);
        notesHere.ended(PLACE, Ending.DONE);

        notesThere.ended(PLACE, Ending.RELEASED);

        assertThat(third.member("here")).isEmpty();
        assertThat(new FleetNotes(third, board).endOf(PLACE)).contains(Ending.DONE);
    }

    @Test
    void aNoteOfWhoHasLostThePartitionDoesNotReplaceThatOfWhoHandedItOver() {
        Fleet third = board.join("third", "1");
        beat(there);
        beat(here);
        write(notesThere);

        notesHere.writeLost(PLACE, Optional.of(JOB)).join();

        assertThat(third.notesOf(PLACE.partition()))
                .containsOnly(Map.entry(PLACE, new Note(there.own(), Optional.of(JOB), Optional.empty(), false)));
    }

    @Test
    void aNoteOfWhoHasLostThePartitionHoldsUntilTheNextOwnerHasSaidMore() {
        Fleet third = board.join("third", "1");
        Notes notesOfThird = new FleetNotes(third, board);
        beat(there);
        beat(here);
        notesHere.writeLost(PLACE, Optional.of(JOB)).join();
        assertThat(notesOfThird.endOf(PLACE)).isEmpty();
        assertThat(notesOfThird.of(PLACE.partition()))
                .containsOnly(Map.entry(PLACE, new Note(here.own(), Optional.of(JOB), Optional.empty(), true)));

        notesThere.finished(PLACE, Optional.of(JOB), Ending.RETRIED).join();

        assertThat(notesOfThird.endOf(PLACE)).contains(Ending.RETRIED);
        notesHere.ended(PLACE, Ending.RELEASED);
        assertThat(notesOfThird.endOf(PLACE)).contains(Ending.RETRIED);
    }

    @Test
    void whoHasLostAPartitionSaysHowItsJobsEnd() {
        beat(here);
        notesHere.writeLost(PLACE, Optional.of(JOB)).join();
        notesHere.ended(PLACE, Ending.DONE);
        assertThat(notesThere.endOf(PLACE)).contains(Ending.DONE);
    }

    @Test
    void whoComesLaterKnowsTheSame() {
        beat(there);
        write(notesThere);
        Fleet late = board.join("late", "1");
        assertThat(new FleetNotes(late, board).endOf(PLACE)).isEmpty();
        assertThat(late.notes()).isEqualTo(1);
        notesThere.remove(PLACE);
        assertThat(late.notes()).isZero();
        assertThat(new FleetNotes(late, board).endOf(PLACE)).contains(Ending.RELEASED);
    }

    @Test
    void anEndThatIsNotHeardIsSaidAgainUntilItIs() {
        board.refuse(new IllegalStateException("no leader"));
        CompletableFuture<Void> heard = notesOfLittlePatience.finished(PLACE, Optional.of(JOB), Ending.DONE);
        whatWaitsIsDone();
        assertThat(heard).isNotDone();
        board.accept();
        whatWaitsIsDone();
        assertThat(heard).isCompleted();
        assertThat(notesThere.endOf(PLACE)).contains(Ending.DONE);
        assertThat(later).isEmpty();
    }

    @Test
    void whatWasRemovedMeanwhileIsNotSaidAgain() {
        board.refuse(new IllegalStateException("no leader"));
        CompletableFuture<Void> heard = notesOfLittlePatience.finished(PLACE, Optional.of(JOB), Ending.DONE);
        notesOfLittlePatience.remove(PLACE);
        board.accept();
        whatWaitsIsDone();
        assertThat(board.notes()).isZero();
        assertThat(heard).isCompleted();
    }

    @Test
    void whatIsCommittedMeanwhileIsNotSaidAgain() {
        board.refuse(new IllegalStateException("no leader"));
        CompletableFuture<Void> heard = notesOfLittlePatience.finished(PLACE, Optional.of(JOB), Ending.DONE);
        notesOfLittlePatience.forget(PLACE);
        board.accept();
        whatWaitsIsDone();
        assertThat(board.notes()).isZero();
        assertThat(heard).isCompleted();
    }

    /** Its job would run a second time. */
    @Test
    void anEarlierWordDoesNotComeBehindALaterOneOfTheSameAuthor() {
        beat(here);
        write(notesOfLittlePatience);
        board.refuse(new IllegalStateException("no leader"));
        notesOfLittlePatience.ended(PLACE, Ending.RELEASED);
        board.accept();
        write(notesOfLittlePatience);
        whatWaitsIsDone();
        assertThat(notesThere.endOf(PLACE)).isEmpty();
    }

    @Test
    void aJobThatGoesOnIsNotForgotten() {
        beat(here);
        write(notesOfLittlePatience);
        notesOfLittlePatience.forget(PLACE);
        notesOfLittlePatience.ended(PLACE, Ending.DONE);
        assertThat(notesThere.endOf(PLACE)).contains(Ending.DONE);
    }

    @Test
    void theStateIsReadAsItWasWritten() {
        InstanceState state = new InstanceState(
                Instant.ofEpochSecond(1_700_000_000),
                List.of(new LaneState(
                        "main",
                        "closed",
                        1,
                        2,
                        List.of(new TypeState(
                                "a", 5, 7, 12_345_678_901L, true, "half_open", Duration.ofSeconds(90))))));
        board.write(Fleet.STATE + "there", StateJson.bytes(state)).join();
        assertThat(here.stateOf("there")).contains(state);
        board.end(there);
        assertThat(here.stateOf("there")).as("it has ended").isEmpty();
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        beat(there);
        write(notesThere);
        for (String text :
                List.of("", "[]", "{", "{\"v\":2}", "{\"v\":\"x\"}", "{\"v\":1}", "{\"v\":1,\"started\":5}")) {
            byte[] value = text.getBytes(StandardCharsets.UTF_8);
            board.write(Fleet.INSTANCE + "odd", value).join();
            board.write(Fleet.STATE + "odd", value).join();
            board.write("handover/t/0/1", value).join();
            board.write("handover/t/0", value).join();
            board.write("somebody's", value).join();
        }
        assertThat(here.members()).hasSize(1);
        assertThat(here.notes()).isEqualTo(1);
    }

    /** It may have died an hour ago, and ten minutes may pass until that is noticed by anybody who was not there. */
    @Test
    void whoWasHeardOfOnlyBeforeWeCameIsNotPresentThoughItsNotesHold() {
        beat(there);
        write(notesThere);
        Fleet late = board.join("late", "1");
        assertThat(present(late)).isEmpty();
        beat(late);
        assertThat(present(late)).containsExactly("late");
        assertThat(new FleetNotes(late, board).endOf(PLACE)).isEmpty();

        beat(there);
        assertThat(present(late)).as("with its next heartbeat").containsExactly("late", "there");
    }

    @Test
    void whoDiedWithoutSayingSoIsDeletedAfterTenMinutes() {
        beat(there);
        board.state(there, Instant.EPOCH);
        write(notesThere);
        board.leave(there);

        beatAndSweep(Roster.MOST_SILENT - 1);
        assertThat(board.keysOfInstances()).contains("instance/there", "state/there");
        beatAndSweep(1);

        assertThat(board.keysOfInstances()).containsExactly("instance/here");
        assertThat(here.members()).extracting(FleetTest::name).containsExactly("here");
        assertThat(here.stateOf("there")).isEmpty();
        assertThat(notesHere.endOf(PLACE)).contains(Ending.RELEASED);
        assertThat(new FleetNotes(board.join("late", "1"), board).endOf(PLACE)).contains(Ending.RELEASED);
    }

    @Test
    void whoWasStartedAnewMeanwhileIsNotDeleted() {
        beat(there);
        beatAndSweep(Roster.MOST_SILENT - 1);
        beat(board.join("there", "2"));
        beatAndSweep(Roster.MOST_SILENT - 1);
        assertThat(board.keysOfInstances()).containsExactly("instance/there", "instance/here");
    }

    @Test
    void whoWasDeletedAndComesBackIsThereAgain() {
        beat(there);
        board.state(there, Instant.EPOCH);
        beatAndSweep(Roster.MOST_SILENT);
        assertThat(present(there)).as("what it knows of itself").containsExactly("here");

        beat(there);
        board.state(there, Instant.EPOCH);
        write(notesThere);
        beatAndSweep(1);

        assertThat(present(here)).containsExactly("here", "there");
        assertThat(present(there)).contains("there");
        assertThat(here.stateOf("there")).isPresent();
        assertThat(notesHere.endOf(PLACE)).isEmpty();
    }

    @Test
    void whoDoesNotHearWhatComesDeletesNobodyASecondTime() {
        beat(there);
        for (int i = 0; i < Roster.MOST_SILENT; i++) {
            beat(here);
        }
        board.leave(here);
        sweep.sweep();
        beat(there);
        beatAndSweep(1);
        assertThat(board.keysOfInstances()).contains("instance/there");
    }

    @Test
    void whatCouldNotBeDeletedIsDeletedAnotherTime() {
        beat(there);
        board.state(there, Instant.EPOCH);
        FakeBoard refusing = new FakeBoard();
        refusing.refuse(new IllegalStateException("no leader"));
        Sweep inVain = new Sweep(here, refusing);
        for (int i = 0; i < Roster.MOST_SILENT; i++) {
            beat(here);
            inVain.sweep();
        }
        assertThat(here.member("there")).isPresent();
        beatAndSweep(1);
        assertThat(board.keysOfInstances()).containsExactly("instance/here");
    }

    /** The delay of whatever was to be done later is over. */
    private void whatWaitsIsDone() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    private void beatAndSweep(int times) {
        for (int i = 0; i < times; i++) {
            beat(here);
            sweep.sweep();
        }
    }

    private static List<String> present(Fleet fleet) {
        return fleet.members().stream()
                .filter(Member::present)
                .map(FleetTest::name)
                .toList();
    }

    private static String name(Member member) {
        return member.instance().identity().name();
    }

    private void write(Notes notes) {
        notes.write(PLACE, Optional.of(JOB)).join();
    }

    private void beat(Fleet fleet) {
        board.beat(fleet);
    }
}
