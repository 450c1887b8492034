package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

class LaneTest {

    private static final Duration READONLY_HOLD = Duration.ofSeconds(60);
    private static final Duration UNREACHABLE_HOLD = Duration.ofSeconds(1);
    private static final OptionalInt NO_LIMIT = OptionalInt.empty();
    private static final OptionalDouble NO_RATE = OptionalDouble.empty();

    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private final Map<String, TypeSettings> types = new HashMap<>();

    @Test
    void oneTypeTakesNoMoreThanItsShareWhileOthersWait() {
        PoolSettings pool = new PoolSettings("low_traffic_jobs", 10, 0.6, 0);
        types.put("greedy", type(pool));
        types.put("modest", type(pool));
        Lane lane = lane(NO_LIMIT);

        submit(lane, "greedy", "w", 100);
        assertThat(openOf("greedy")).as("alone it may have all").isEqualTo(10);

        submit(lane, "modest", "w", 100);
        for (int i = 0; i < 10; i++) {
            target.open().get(0).answer(200);
        }
        assertThat(openOf("greedy")).isBetween(4L, 6L);
        assertThat(openOf("modest")).isEqualTo(10 - openOf("greedy"));
    }

    @Test
    void whatNobodyElseWantsMayBeTakenBeyondTheShare() {
        PoolSettings pool = new PoolSettings("low_traffic_jobs", 10, 0.3, 0);
        types.put("greedy", type(pool));
        types.put("modest", type(pool));
        Lane lane = lane(NO_LIMIT);
        submit(lane, "modest", "w", 1);
        submit(lane, "greedy", "w", 100);
        assertThat(openOf("greedy")).isEqualTo(9);
    }

    @Test
    void freeSlotsGoRoundTheWikis() {
        types.put("a", type(new PoolSettings("a", 3, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        submit(lane, "a", "big", 100);
        submit(lane, "a", "small1", 2);
        submit(lane, "a", "small2", 2);

        for (int i = 0; i < 6; i++) {
            target.open().get(0).answer(200);
        }

        assertThat(target.sent().stream().skip(3).map(job -> job.wiki()))
                .containsExactly("big", "small1", "small2", "big", "small1", "small2");
    }

    @Test
    void higherPriorityGoesFirstUnderTheLanesLimit() {
        types.put("normal", type(new PoolSettings("normal", 10, 1, 0)));
        types.put("urgent", type(new PoolSettings("urgent", 10, 1, 10)));
        Lane lane = lane(OptionalInt.of(2));
        submit(lane, "normal", "w", 4);
        submit(lane, "urgent", "w", 3);

        for (int i = 0; i < 5; i++) {
            target.open().get(0).answer(200);
        }

        assertThat(target.sent().stream().map(job -> job.type()))
                .containsExactly("normal", "normal", "urgent", "urgent", "urgent", "normal", "normal");
    }

    @Test
    void aSaturatedSectionDoesNotBlockOthers() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0, new FinerLimits(OptionalInt.of(1), NO_LIMIT, NO_RATE))));
        Lane lane = lane(NO_LIMIT);
        for (String name : List.of("first", "second", "third")) {
            lane.submit(new TestTask(name, "a", "enwiki", "s1"));
        }
        lane.submit(new TestTask("elsewhere", "a", "dewiki", "s5"));

        assertThat(target.sent().stream().map(job -> job.body().toString())).containsExactly("first", "elsewhere");
        target.open().get(0).answer(200);
        assertThat(target.sent()).hasSize(3);
    }

    @Test
    void theTypesOfAPoolShareItsFinerLimits() {
        PoolSettings pool = new PoolSettings(
                "low_traffic_jobs",
                100,
                1,
                0,
                new FinerLimits(OptionalInt.of(3), OptionalInt.of(2), OptionalDouble.of(100)));
        types.put("a", type(pool));
        types.put("b", type(pool));
        Lane lane = lane(NO_LIMIT);
        for (int i = 0; i < 5; i++) {
            lane.submit(new TestTask("a" + i, "a", "enwiki", "s1"));
            lane.submit(new TestTask("b" + i, "b", "enwiki", "s1"));
            lane.submit(new TestTask("other" + i, "b", "dewiki", "s1"));
        }
        assertThat(target.sent()).as("the rate is the pool's").hasSize(1);

        time.advance(Duration.ofSeconds(1));

        assertThat(target.open().stream().map(call -> call.job().wiki()))
                .containsExactlyInAnyOrder("enwiki", "enwiki", "dewiki");
    }

    @Test
    void aTaskThatDoesNotWantToStartLeavesItsSlotTurnAndPaceToTheNext() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0, new FinerLimits(NO_LIMIT, NO_LIMIT, OptionalDouble.of(1)))));
        Lane lane = lane(NO_LIMIT);
        TestTask.Owner unwilling = new TestTask.Owner() {
            @Override
            public boolean start(TestTask task) {
                return false;
            }
        };
        submit(lane, "a", "first", 1);
        lane.submit(new TestTask("duplicate", "a", "w1", "s1", unwilling));
        submit(lane, "a", "w1", 1);
        submit(lane, "a", "w2", 1);
        target.onlyOpen().answer(200);

        time.advance(Duration.ofSeconds(1));

        assertThat(target.onlyOpen().job().wiki()).isEqualTo("w1");
    }

    @Test
    void aTaskThatDoesNotWantToStartIsNoProbe() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        submit(lane, "a", "frozen", 1);
        target.onlyOpen().answer(423);
        lane.submit(new TestTask("duplicate", "a", "frozen", "s-frozen", new TestTask.Owner() {
            @Override
            public boolean start(TestTask task) {
                return false;
            }
        }));
        submit(lane, "a", "frozen", 1);

        time.advance(READONLY_HOLD);

        assertThat(target.open()).hasSize(1);
    }

    @Test
    void aTaskThatThrowsInsteadOfStartingGivesTheSlotBack() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask task = new TestTask("broken", "a", "w", "s1", new TestTask.Owner() {
            @Override
            public boolean start(TestTask broken) {
                throw new IllegalStateException("broken");
            }
        });
        lane.submit(task);
        assertThat(lane.running()).isZero();
        assertThat(task.verdicts()).singleElement().isInstanceOf(Verdict.Retry.class);
    }

    @Test
    void jobsThatWereHeldTogetherComeBackInTheirOrder() {
        types.put("a", type(new PoolSettings("a", 3, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask.Owner owner = new TestTask.Owner() {
            @Override
            public void finished(TestTask task, Verdict verdict) {
                if (verdict instanceof Verdict.Hold) {
                    lane.putBack(task);
                }
            }
        };
        for (int i = 0; i < 5; i++) {
            lane.submit(new TestTask("t" + i, "a", "w", "s1", owner));
        }
        target.open().forEach(call -> call.answer(423));
        time.advance(READONLY_HOLD);
        for (int i = 0; i < 5; i++) {
            target.open().get(0).answer(200);
        }

        assertThat(target.sent().stream().skip(3).map(job -> job.body().toString()))
                .containsExactly("t0", "t1", "t2", "t3", "t4");
    }

    /** Else one job that nothing can be done with would stop its wiki for ever. */
    @Test
    void aHoldThatItsJobMayBeToBlameForIsProbedByTheNextOne() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Verdict.Hold hold = new Verdict.Hold(Verdict.Scope.WIKI, READONLY_HOLD, "refused", true);
        Lane lane = new Lane(settings(NO_LIMIT), target, attempt -> hold, time);
        TestTask.Owner owner = new TestTask.Owner() {
            @Override
            public void finished(TestTask task, Verdict verdict) {
                lane.putBack(task);
            }
        };
        for (int i = 0; i < 3; i++) {
            lane.submit(new TestTask("t" + i, "a", "w", "s1", owner));
        }
        for (int i = 0; i < 4; i++) {
            target.onlyOpen().answer(403);
            time.advance(READONLY_HOLD);
        }

        assertThat(target.sent().stream().map(job -> job.body().toString()))
                .containsExactly("t0", "t1", "t2", "t0", "t1");
    }

    @Test
    void aSlotThatIsFreeOnASectionGoesToAWikiThatCanUseIt() {
        FinerLimits oneASection = new FinerLimits(OptionalInt.of(1), NO_LIMIT, NO_RATE);
        types.put("a", type(new PoolSettings("a", 10, 1, 0, oneASection)));
        Lane lane = lane(NO_LIMIT);
        lane.submit(new TestTask("runs", "a", "enwiki", "s1"));
        lane.submit(new TestTask("gone", "a", "dewiki", "s1"));
        lane.submit(new TestTask("next", "a", "frwiki", "s1"));
        lane.withdraw(task -> task.job().wiki().equals("dewiki"));

        target.onlyOpen().answer(200);

        assertThat(target.onlyOpen().job().wiki()).isEqualTo("frwiki");
    }

    @Test
    void whatIsHeldAfterItStoppedAdmittingSetsNoTimer() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        submit(lane, "a", "w", 1);
        lane.stopAdmitting();

        target.onlyOpen().answer(423);

        assertThat(time.timers()).isZero();
    }

    @Test
    void aHoldOfTheWholeTypeTurnsNobodyAway() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = new Lane(new LaneSettings("main", NO_LIMIT, 1, types::get), target, judge(), time);
        TestTask frozen = submit(lane, "a", "frozen", 1).get(0);
        target.onlyOpen().answer(423);
        lane.putBack(frozen);
        TestTask impatient = submit(lane, "a", "w", 1).get(0);
        target.onlyOpen().answer(429, Map.of("retry-after", "30"));
        lane.putBack(impatient);

        assertThat(submit(lane, "a", "frozen", 5)).hasSize(5);
    }

    @Test
    void aHeldWikiProbesOnceAndOthersFlowOn() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask readOnly = submit(lane, "a", "frozen", 1).get(0);
        target.onlyOpen().answer(423);
        lane.putBack(readOnly);
        submit(lane, "a", "frozen", 5);
        assertThat(lane.heldWikis()).isEqualTo(1);

        submit(lane, "a", "other", 1);
        assertThat(target.onlyOpen().job().wiki()).isEqualTo("other");
        target.onlyOpen().answer(200);

        time.advance(READONLY_HOLD);
        assertThat(target.onlyOpen().job())
                .as("the probe, which is the job that was held")
                .isEqualTo(readOnly.job());

        target.onlyOpen().answer(200);
        assertThat(target.open()).hasSize(5);
        assertThat(lane.heldWikis()).isZero();
    }

    @Test
    void nobodyIsHeldWhereNobodyWaits() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        lane.putBack(submitted(lane, 429));
        lane.withdraw(task -> true);
        assertThat(lane.heldWikis()).isEqualTo(1);

        time.advance(READONLY_HOLD.plusSeconds(1));

        assertThat(lane.heldWikis()).isZero();
        lane.usage((type, usage) -> assertThat(usage.held()).isFalse());
        assertThat(time.timers()).isZero();
    }

    @Test
    void aHoldThatIsOverIsForgottenOnceThoseWhoCouldNotProbeHaveLeft() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        submit(lane, "a", "other", 1);
        time.advance(READONLY_HOLD.plusSeconds(20));
        assertThat(lane.heldWikis()).as("it waits for the slot").isEqualTo(1);

        lane.withdraw(task -> true);
        time.advance(Gate.PROBE_PATIENCE);

        assertThat(lane.heldWikis()).isZero();
    }

    /** They cannot probe for as long as the pause lasts, and what is held silences alerts of others. */
    @Test
    void nobodyIsHeldWhereOnlyPausedJobsWait() {
        PoolSettings pool = new PoolSettings("a", 10, 1, 0);
        types.put("a", type(pool));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        lane.putBack(submitted(lane, 429));
        types.put("a", new TypeSettings(pool, Duration.ofMinutes(1), true));
        lane.reconfigure(settings(NO_LIMIT));
        assertThat(lane.heldWikis()).isEqualTo(1);

        time.advance(READONLY_HOLD.plus(Gate.PROBE_PATIENCE));

        assertThat(lane.heldWikis()).isZero();
        lane.usage((type, usage) -> assertThat(usage.held()).isFalse());
        types.put("a", type(pool));
        lane.reconfigure(settings(NO_LIMIT));
        assertThat(target.open()).as("they find out").hasSize(2);
    }

    @Test
    void nobodyIsHeldWhereTheLaneIsPaused() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        lane.putBack(submitted(lane, 429));
        lane.reconfigure(new LaneSettings(
                "main",
                NO_LIMIT,
                new MostBlocked(MostBlocked.DEFAULT_PLACES),
                BreakerSettings.DEFAULT,
                types::get,
                true));

        time.advance(READONLY_HOLD.plus(Gate.PROBE_PATIENCE));

        assertThat(lane.heldWikis()).isZero();
        lane.usage((type, usage) -> assertThat(usage.held()).isFalse());
    }

    @Test
    void aHoldThatIsOverIsForgottenWhenThoseWhoCouldNotProbeArePaused() {
        PoolSettings pool = new PoolSettings("a", 1, 1, 0);
        types.put("a", type(pool));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        submit(lane, "a", "other", 1);
        time.advance(READONLY_HOLD.plusSeconds(20));
        assertThat(lane.heldWikis()).as("it waits for the slot").isEqualTo(1);

        types.put("a", new TypeSettings(pool, Duration.ofMinutes(1), true));
        lane.reconfigure(settings(NO_LIMIT));
        time.advance(Gate.PROBE_PATIENCE);

        assertThat(lane.heldWikis()).isZero();
    }

    @Test
    void aWikiStaysHeldWhereOneOfItsTypesIsPausedAndAnotherWaitsForASlot() {
        PoolSettings pool = new PoolSettings("b", 1, 1, 0);
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        types.put("b", type(pool));
        Lane lane = lane(NO_LIMIT);
        lane.putBack(submitted(lane, 423));
        submit(lane, "b", "wiki423", 1);
        submit(lane, "a", "other", 1);
        types.put("b", new TypeSettings(pool, Duration.ofMinutes(1), true));
        lane.reconfigure(settings(NO_LIMIT));

        time.advance(READONLY_HOLD.plusSeconds(20));

        assertThat(lane.heldWikis()).isEqualTo(1);
    }

    @Test
    void aProbeThatIsHeldAgainKeepsTheWikiHeld() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask task = submit(lane, "a", "frozen", 3).get(0);
        target.open().forEach(call -> call.answer(423));
        lane.putBack(task);
        time.advance(READONLY_HOLD);

        target.onlyOpen().answer(423);
        lane.putBack(task);
        time.advance(READONLY_HOLD.minusMillis(1));
        assertThat(target.open()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(target.open()).hasSize(1);
    }

    @Test
    void holdsTheTypeForAsLongAsTheRunnerAsks() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        types.put("b", type(new PoolSettings("b", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask task = submit(lane, "a", "w", 1).get(0);
        target.onlyOpen().answer(503, Map.of("retry-after", "30"));
        lane.putBack(task);
        submit(lane, "b", "w", 1);
        assertThat(target.onlyOpen().job().type()).isEqualTo("b");
        target.onlyOpen().answer(200);

        time.advance(Duration.ofSeconds(30).minusMillis(1));
        assertThat(target.open()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(target.open()).hasSize(1);
    }

    @Test
    void anUnreachableTargetIsProbedByAFewJobsAndReopensForAll() {
        types.put("a", type(new PoolSettings("a", 10, 1, 0)));
        types.put("b", type(new PoolSettings("b", 10, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        TestTask task = submit(lane, "a", "w", 1).get(0);
        target.onlyOpen().complete(new Attempt.NotSent("refused"));
        lane.putBack(task);
        submit(lane, "b", "w", 5);
        assertThat(target.open()).isEmpty();
        assertThat(lane.targetBreaker().phase()).isNotEqualTo(Phase.CLOSED);

        time.advance(UNREACHABLE_HOLD);
        List<FakeTarget.Call> probes = target.open();
        assertThat(probes).hasSize(3);
        probes.forEach(probe -> probe.answer(200));

        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
        assertThat(target.open()).hasSize(3);
    }

    @Test
    void aPacedTypeGoesOnByItself() {
        types.put(
                "a", type(new PoolSettings("a", 100, 1, 0, new FinerLimits(NO_LIMIT, NO_LIMIT, OptionalDouble.of(3)))));
        submit(lane(NO_LIMIT), "a", "w", 31);

        time.advance(Duration.ofSeconds(10).plusMillis(1));

        assertThat(target.sent()).hasSize(31);
    }

    @Test
    void nothingOfAPausedTypeStarts() {
        types.put("a", new TypeSettings(new PoolSettings("a", 1, 1, 0), Duration.ofMinutes(1), true));
        Lane lane = lane(NO_LIMIT);
        submit(lane, "a", "w", 3);
        assertThat(target.sent()).isEmpty();
        assertThat(lane.withdraw(task -> true)).hasSize(3);
    }

    @Test
    void nothingStartsAfterItStopsAdmitting() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        List<TestTask> tasks = submit(lane, "a", "w", 2);
        lane.stopAdmitting();

        target.onlyOpen().answer(200);

        assertThat(target.open()).isEmpty();
        assertThat(tasks.get(0).verdicts()).hasSize(1);
        assertThat(lane.withdraw(task -> true)).hasSize(1);
    }

    @Test
    void aTargetThatThrowsGivesTheSlotBack() {
        assertThatTheSlotComesBack(new BrokenTarget(() -> {
            throw new IllegalStateException("broken");
        }));
    }

    @Test
    void aFutureThatFailsGivesTheSlotBack() {
        assertThatTheSlotComesBack(new BrokenTarget(() -> Future.failedFuture("broken")));
    }

    @Test
    void aVerdictThatThrowsGivesTheSlotBack() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = new Lane(
                settings(NO_LIMIT),
                target,
                attempt -> {
                    throw new IllegalStateException("broken");
                },
                time);
        TestTask task = submit(lane, "a", "w", 1).get(0);
        target.onlyOpen().answer(200);
        assertThat(lane.running()).isZero();
        assertThat(task.verdicts()).singleElement().isInstanceOf(Verdict.Retry.class);
    }

    @Test
    void aJobThatRunsElsewhereTakesItsSlotsUntilItIsVacated() {
        types.put("a", type(new PoolSettings("a", 2, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        Occupancy occupancy = lane.occupy(new TestTask("elsewhere", "a", "w").job());
        submit(lane, "a", "w", 3);
        assertThat(target.open()).hasSize(1);
        assertThat(lane.running()).as("attempts of its own").isEqualTo(1);

        occupancy.vacate();
        occupancy.vacate();
        assertThat(target.open()).as("given back once").hasSize(2);
    }

    @Test
    void jobsThatRunElsewhereMayBeMoreThanTheLimit() {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = lane(NO_LIMIT);
        List<Occupancy> occupancies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            occupancies.add(lane.occupy(new TestTask("elsewhere" + i, "a", "w").job()));
        }
        submit(lane, "a", "w", 1);
        occupancies.get(0).vacate();
        occupancies.get(1).vacate();
        assertThat(target.open()).isEmpty();

        occupancies.get(2).vacate();
        assertThat(target.open()).hasSize(1);
    }

    /** Also shows that attempts that end at once are handled in a loop, not by recursion. */
    private void assertThatTheSlotComesBack(Target broken) {
        types.put("a", type(new PoolSettings("a", 1, 1, 0)));
        Lane lane = new Lane(settings(NO_LIMIT), broken, judge(), time);
        List<TestTask> tasks = submit(lane, "a", "w", 3_000);
        assertThat(lane.running()).isZero();
        assertThat(tasks)
                .allSatisfy(task -> assertThat(task.verdicts()).singleElement().isInstanceOf(Verdict.Retry.class));
    }

    private Lane lane(OptionalInt concurrency) {
        return new Lane(settings(concurrency), target, judge(), time);
    }

    private LaneSettings settings(OptionalInt concurrency) {
        return new LaneSettings("main", concurrency, types::get);
    }

    private Function<Attempt, Verdict> judge() {
        return new Verdicts(READONLY_HOLD, UNREACHABLE_HOLD, time)::judge;
    }

    private static List<TestTask> submit(Lane lane, String type, String wiki, int count) {
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(new TestTask(type + "-" + wiki + "-" + i, type, wiki));
        }
        tasks.forEach((Consumer<Task>) lane::submit);
        return tasks;
    }

    /** A job of a wiki that is held as its answer says. */
    private TestTask submitted(Lane lane, int status) {
        TestTask task = submit(lane, "a", "wiki" + status, 1).get(0);
        target.onlyOpen().answer(status, Map.of("retry-after", "30"));
        return task;
    }

    private long openOf(String type) {
        return target.open().stream()
                .filter(call -> call.job().type().equals(type))
                .count();
    }

    private static TypeSettings type(PoolSettings pool) {
        return new TypeSettings(pool, Duration.ofMinutes(1), false);
    }
}
