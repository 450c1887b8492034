package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/** A lane whose target or whose job types are sick: nothing is sent but a few probes, and no job pays for it. */
class LaneBreakerTest {

    private static final int LIMIT = 10;
    private static final BreakerSettings SETTINGS = BreakerSettings.DEFAULT;
    private static final Attempt NOT_TAKEN = new Attempt.NotSent("the runner went away", true);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(1);
    private static final Duration SLOW_START_STEP = Duration.ofMillis(200);

    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private Lane lane;
    private int pool = LIMIT;
    private boolean paused;

    @BeforeEach
    void lane() {
        Verdicts verdicts = new Verdicts(Duration.ofSeconds(60), REFUSED_FOR, time);
        lane = new Lane(settings(), target, verdicts::judge, time);
    }

    private LaneSettings settings() {
        return new LaneSettings("main", OptionalInt.empty(), this::type);
    }

    private TypeSettings type(String name) {
        return new TypeSettings(new PoolSettings(name, pool, 1, 0), Duration.ofMinutes(20), SETTINGS, paused);
    }

    @Test
    void anOutageCostsNoAttempts() {
        List<Returning> jobs = submit("a", 50);
        jobs.addAll(submit("b", 50));
        for (int i = 0; i < 600; i++) {
            List.copyOf(target.open()).forEach(call -> call.answer(503));
            time.advance(Duration.ofMillis(100));
        }
        assertThat(target.sent().size()).as("a few probes").isLessThan(40 + 2 * 20 * 6);
        assertThat(lane.targetBreaker().phase()).isNotEqualTo(Phase.CLOSED);
        assertThat(lane.targetBreaker().reason()).contains("HTTP 503");

        for (int i = 0; i < 50; i++) {
            List.copyOf(target.open()).forEach(call -> call.answer(200));
            time.advance(Duration.ofMillis(100));
        }

        assertThat(jobs).allSatisfy(job -> assertThat(job.counted()).containsExactly(new Verdict.Done(200)));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void aSickTypeLeavesTheOthersAlone() {
        submit("sick", 100);
        for (int i = 0; i < 20; i++) {
            answerAll("sick", 503);
        }
        assertThat(phases()).containsEntry("sick", Phase.OPEN);
        assertThat(target.open()).isEmpty();

        List<Returning> healthy = submit("healthy", 100);
        for (int i = 0; i < 20; i++) {
            answerAll("healthy", 200);
        }

        assertThat(healthy).allSatisfy(job -> assertThat(job.counted()).hasSize(1));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void theProbesStayInsideTheLimit() {
        submit("a", 100);
        failEverything();
        time.advance(SETTINGS.openFor());
        assertThat(target.open()).hasSize(SETTINGS.probes());
        assertThat(lane.running()).isEqualTo(SETTINGS.probes());
    }

    @Test
    void anotherJobProbesAfterOneThatBringsTheRunnerDown() {
        submit("a", 100);
        failEverything();
        List<Job> failed = target.sent();

        time.advance(SETTINGS.openFor());

        assertThat(failed).doesNotContain(target.open().get(0).job());
    }

    @Test
    void callsThatHangKeepTheirSlotsAndAreNotCut() {
        submit("a", SETTINGS.minimumCalls());
        IntStream.range(0, 2).forEach(i -> answerAll("a", 200));
        submit("b", SETTINGS.minimumCalls());
        IntStream.range(0, 2).forEach(i -> answerAll("b", 200));
        time.advance(Duration.ofMillis(1));
        submit("a", 100);
        submit("b", 100);

        time.advance(Duration.ofSeconds(7));

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.OPEN);
        assertThat(lane.running()).isEqualTo(2 * LIMIT);

        target.open().forEach(call -> call.complete(new Attempt.Lost("reset")));
        time.advance(Duration.ofSeconds(5));
        assertThat(target.open()).as("work resumes").isNotEmpty();
        for (int i = 0; i < 100; i++) {
            answerAll("a", 200);
            answerAll("b", 200);
            time.advance(Duration.ofMillis(100));
        }
        assertThat(returning).allSatisfy(job -> assertThat(job.counted()).containsExactly(new Verdict.Done(200)));
    }

    @Test
    void aTypeThatIsWellAgainIsWorkedOnMoreAndMoreUpToItsLimit() {
        submit("a", 100);
        failEverything();
        time.advance(SETTINGS.openFor());
        answerAll("a", 200);

        assertThat(target.open()).hasSize(SETTINGS.probes());
        time.advance(SLOW_START_STEP);
        assertThat(target.open()).hasSize(2 * SETTINGS.probes());
        answerAll("a", 200);
        assertThat(target.open()).as("others in their places").hasSize(2 * SETTINGS.probes());
        time.advance(SLOW_START_STEP);
        assertThat(target.open()).hasSize(LIMIT);
    }

    @Test
    void aTaskThatDoesNotStartTakesNoPermission() {
        submit("a", 100);
        failEverything();
        returning.forEach(Returning::giveUp);
        time.advance(SETTINGS.openFor());
        assertThat(target.open()).isEmpty();

        submit("a", 100);

        assertThat(target.open()).hasSize(SETTINGS.probes());
    }

    @Test
    void oneSlowProbeDoesNotKeepTheOthersWaiting() {
        known("quick", Duration.ofMillis(100));
        known("slow", Duration.ofSeconds(60));
        refuseOne("quick");
        submit("quick", 1);
        submit("slow", 1);
        submit("quick", 100);

        time.advance(REFUSED_FOR);
        assertThat(target.open()).extracting(call -> call.job().type()).contains("slow");
        int started = target.sent().size();
        time.advance(Duration.ofMillis(100));
        answerAll("quick", 200);
        assertThat(target.sent())
                .as("others in the places of those that went well")
                .hasSizeGreaterThan(started);
        answerAll("quick", 200);

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        time.advance(Duration.ofSeconds(2));
        assertThat(openOf("quick")).isEqualTo(LIMIT);
    }

    @Test
    void whatWentWellProvesMoreThanASilentProbeOfATypeThatNobodyKnows() {
        refuseOne("quick");
        submit("unknown", 1);
        submit("quick", 1);
        time.advance(REFUSED_FOR);
        answerAll("quick", 200);
        assertThat(openOf("unknown")).isEqualTo(1);

        time.advance(Duration.ofSeconds(6));

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        assertThat(lane.targetBreaker().openings()).containsOnlyKeys(Trigger.NO_CONNECTION);
    }

    @Test
    void longJobsThatHaveTheirConnectionsAreProofWhereOneWasRefused() {
        pool = 15;
        known("transcode", Duration.ofMinutes(20));
        refuseOne("transcode");
        submit("transcode", 100);

        time.advance(Duration.ofSeconds(10));

        assertThat(target.open()).hasSize(15);
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void longJobsThatAreAtWorkMakeRoomForOthersWhateverOpenedTheTarget() {
        pool = 15;
        known("transcode", Duration.ofMinutes(20));
        known("other", Duration.ofMinutes(20));
        submit("transcode", 10);
        submit("other", 10);
        List.copyOf(target.open()).forEach(call -> call.answer(503));
        for (int row = 0; row < 10 && lane.targetBreaker().phase() == Phase.CLOSED; row++) {
            List.copyOf(target.open()).forEach(call -> call.answer(503));
        }
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.OPEN);
        submit("transcode", 100);

        List<Integer> atWork = new ArrayList<>();
        time.advance(SETTINGS.openFor());
        for (int round = 0; round < 4; round++) {
            atWork.add(target.open().size());
            time.advance(Duration.ofSeconds(5));
        }
        assertThat(atWork).containsExactly(3, 6, 9, 12);
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.HALF_OPEN);

        IntStream.range(0, SETTINGS.probes()).forEach(i -> target.open().get(0).answer(200));
        assertThat(lane.targetBreaker().phase()).as("a late answer is one, too").isEqualTo(Phase.CLOSED);
    }

    @Test
    void aTargetThatTakesConnectionsAndHangsStaysOpen() {
        known("quick", Duration.ofMillis(100));
        refuseOne("quick");
        submit("quick", 100);

        for (int second = 0; second < 120; second++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(lane.targetBreaker().phase()).isNotEqualTo(Phase.CLOSED);
        }
        assertThat(lane.targetBreaker().openings()).containsKey(Trigger.PROBES);
    }

    @Test
    void aJobThatProbesAloneIsEnoughWhereNoOtherComes() {
        refuseOne("a");
        time.advance(REFUSED_FOR);
        target.onlyOpen().answer(200);
        time.advance(Duration.ofSeconds(5));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        assertThat(time.timers()).as("slow start is over").isLessThanOrEqualTo(1);
    }

    @Test
    void aJobThatProbesItsTypeAloneIsEnoughWhereNoOtherComes() {
        submit("a", 1);
        while (phases().get("a") == Phase.CLOSED) {
            submit("a", 1);
            answerAll("a", 500);
        }
        lane.withdraw(task -> true);
        submit("a", 1);
        time.advance(SETTINGS.openFor());
        target.onlyOpen().answer(200);
        assertThat(phases()).containsEntry("a", Phase.HALF_OPEN);

        time.advance(Duration.ofSeconds(5));

        assertThat(phases()).containsEntry("a", Phase.CLOSED);
    }

    @Test
    void nothingIsHeldWhereNothingWaits() {
        submit("a", 100);
        failEverything();
        refuseOne("b");
        lane.withdraw(task -> true);

        time.advance(Duration.ofSeconds(8));

        assertThat(phases()).containsEntry("a", Phase.CLOSED);
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void nothingIsHeldWhereOnlyPausedJobsWait() {
        submit("a", 100);
        failEverything();
        refuseOne("b");
        paused = true;
        lane.reconfigure(settings());

        time.advance(Duration.ofSeconds(20));

        assertThat(phases()).containsEntry("a", Phase.CLOSED);
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void whatWaitsBehindAFullLimitIsStillHeld() {
        submit("a", 2 * LIMIT);
        submit("b", 1);
        target.open().stream()
                .filter(call -> call.job().type().equals("b"))
                .forEach(call -> call.complete(new Attempt.NotSent("refused")));
        lane.withdraw(task -> task.job().type().equals("b"));

        time.advance(Duration.ofSeconds(20));

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.HALF_OPEN);
    }

    @Test
    void aRequestThatWasNotTakenIsSentAgainAndHoldsNobody() {
        submit("a", 1);
        target.onlyOpen().complete(NOT_TAKEN);
        submit("b", 1);

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        assertThat(openOf("a")).isEqualTo(1);
        assertThat(openOf("b")).isEqualTo(1);
        List.copyOf(target.open()).forEach(call -> call.answer(200));
        assertThat(returning).allSatisfy(job -> assertThat(job.counted()).containsExactly(new Verdict.Done(200)));
    }

    @Test
    void aServerThatGoesAwayUnderManyRequestsAtOnceHoldsNobody() {
        pool = 50;
        submit("a", 100);
        submit("b", 100);
        for (int connection = 0; connection < SETTINGS.minimumCalls() / 2; connection++) {
            time.advance(Duration.ofMillis(1));
            List.copyOf(target.open()).forEach(call -> call.complete(NOT_TAKEN));
            assertThat(openOf("a")).isEqualTo(pool);
            assertThat(openOf("b")).isEqualTo(pool);
        }
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        assertThat(phases()).containsEntry("a", Phase.CLOSED).containsEntry("b", Phase.CLOSED);
    }

    @Test
    void aServerThatTakesNothingIsLeftAloneAndNoJobPaysForIt() {
        submit("a", 50);
        submit("b", 50);
        for (int i = 0; i < 60_000; i++) {
            List.copyOf(target.open()).forEach(call -> call.complete(NOT_TAKEN));
            time.advance(Duration.ofMillis(1));
        }
        assertThat(target.sent().size())
                .as("until it is clear, and then a few probes")
                .isLessThan(2 * SETTINGS.minimumCalls() * 2 * LIMIT + 20 * 10);
        assertThat(lane.targetBreaker().phase()).isNotEqualTo(Phase.CLOSED);

        for (int i = 0; i < 50; i++) {
            List.copyOf(target.open()).forEach(call -> call.answer(200));
            time.advance(Duration.ofMillis(100));
        }
        assertThat(returning).allSatisfy(job -> assertThat(job.counted()).containsExactly(new Verdict.Done(200)));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void aRequestThatWasNotTakenExcusesNoFailure() {
        List<Returning> failing = submit("failing", 1);
        submit("a", 1);
        time.advance(Duration.ofMillis(1));
        target.open().stream().filter(call -> call.job().type().equals("a")).forEach(call -> call.complete(NOT_TAKEN));

        answerAll("failing", 503);
        answerAll("a", 200);
        time.advance(Duration.ofSeconds(6));

        assertThat(failing.get(0).counted()).singleElement().isInstanceOf(Verdict.Retry.class);
    }

    private final List<Returning> returning = new ArrayList<>();

    /** So many jobs of the type have gone well, and took {@code duration} each. */
    private void known(String type, Duration duration) {
        for (int call = 0; call < SETTINGS.minimumCalls(); call++) {
            submit(type, 1);
            time.advance(duration);
            answerAll(type, 200);
        }
    }

    /** The target takes no connection for a job that comes; it waits then. */
    private void refuseOne(String type) {
        submit(type, 1);
        target.onlyOpen().complete(new Attempt.NotSent("refused"));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.OPEN);
    }

    private long openOf(String type) {
        return target.open().stream()
                .filter(call -> call.job().type().equals(type))
                .count();
    }

    private List<Returning> submit(String type, int count) {
        List<Returning> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Returning task = new Returning(new TestTask(type + "-" + returning.size(), type, "wiki"));
            returning.add(task);
            tasks.add(task);
            lane.submit(task);
        }
        return tasks;
    }

    private void answerAll(String type, int status) {
        target.open().stream().filter(call -> call.job().type().equals(type)).forEach(call -> call.answer(status));
    }

    /** Until the breaker lets nothing through any more. */
    private void failEverything() {
        while (!target.open().isEmpty()) {
            answerAll("a", 503);
        }
    }

    private Map<String, Phase> phases() {
        Map<String, BreakerState> states = new HashMap<>();
        lane.breakers(states::put);
        Map<String, Phase> phases = new HashMap<>();
        states.forEach((type, state) -> phases.put(type, state.phase()));
        return phases;
    }

    /** A task that goes back to the lane when it was held. */
    private final class Returning implements Task {

        private final TestTask task;
        private boolean wanted = true;

        Returning(TestTask task) {
            this.task = task;
        }

        @Override
        public Job job() {
            return task.job();
        }

        @Override
        public boolean start() {
            return wanted && task.start();
        }

        @Override
        public void finished(Verdict verdict) {
            task.finished(verdict);
            if (verdict instanceof Verdict.Hold) {
                lane.putBack(this);
            }
        }

        @Override
        public void turnedAway(Duration wait, Blockage why) {
            throw new AssertionError("turned away");
        }

        void giveUp() {
            wanted = false;
        }

        /** The verdicts that count as attempts. */
        List<Verdict> counted() {
            return task.verdicts().stream()
                    .filter(verdict -> !(verdict instanceof Verdict.Hold))
                    .toList();
        }
    }
}
