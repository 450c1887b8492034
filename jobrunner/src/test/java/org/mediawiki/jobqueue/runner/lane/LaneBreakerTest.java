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
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/** A lane whose target or whose job types are sick: nothing is sent but a few probes, and no job pays for it. */
class LaneBreakerTest {

    private static final int LIMIT = 10;
    private static final BreakerSettings SETTINGS = BreakerSettings.DEFAULT;
    private static final Duration SLOW_START_STEP = Duration.ofMillis(200);

    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private Lane lane;

    @BeforeEach
    void lane() {
        Verdicts verdicts = new Verdicts(Duration.ofSeconds(60), Duration.ofSeconds(1), time);
        lane = new Lane(new LaneSettings("main", OptionalInt.empty(), this::type), target, verdicts::judge, time);
    }

    private TypeSettings type(String name) {
        return new TypeSettings(new PoolSettings(name, LIMIT, 1, 0), Duration.ofMinutes(20), SETTINGS, false);
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

    private final List<Returning> returning = new ArrayList<>();

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
