package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/** What {@link LaneModelTest} cannot see: timeouts, paces, breakers, and single rules to read. */
class LaneReconfigureTest {

    /** After an outage no limit is used fully for so long. */
    private static final Duration SLOW_START = Duration.ofSeconds(2);

    private static final OptionalInt NONE = OptionalInt.empty();
    private static final Duration TIMEOUT = Duration.ofMinutes(20);
    private static final BreakerSettings BREAKER = BreakerSettings.DEFAULT;

    private final FakeTime time = new FakeTime();
    private final FakeTarget target = new FakeTarget();
    private final Map<String, TypeSettings> types = new HashMap<>();
    private final Lane lane = new Lane(
            settings(BREAKER, false),
            target,
            new Verdicts(Duration.ofSeconds(60), Duration.ofSeconds(1), time)::judge,
            time);

    @Test
    void aRaisedLimitIsUsedAtOnce() {
        types.put("a", type(pool("a", 2)));
        submit("a", 10);
        types.put("a", type(pool("a", 5)));
        reconfigure();
        assertThat(target.open()).hasSize(5);
    }

    @Test
    void whatRunsBeyondALoweredLimitEndsAndIsNotReplaced() {
        types.put("a", type(pool("a", 5)));
        submit("a", 10);
        types.put("a", type(pool("a", 2)));
        reconfigure();
        for (int running = 4; running >= 2; running--) {
            target.open().get(0).answer(200);
            assertThat(target.open()).hasSize(running);
        }
        target.open().get(0).answer(200);
        assertThat(target.open()).as("now the limit is kept, and used").hasSize(2);
    }

    @Test
    void whatRunsOfATypeThatGetsAPoolOfItsOwnCountsThereAndNoLongerWhereItWas() {
        types.put("a", type(pool("low", 4)));
        types.put("b", type(pool("low", 4)));
        submit("a", 10);
        submit("b", 10);
        assertThat(target.open()).hasSize(4);
        types.put("a", type(pool("a", 5)));
        reconfigure();
        assertThat(open("a")).isEqualTo(5);
        assertThat(open("b")).isEqualTo(4);
    }

    @Test
    void jobsThatRunElsewhereMoveAlong() {
        types.put("a", type(pool("low", 4)));
        Occupancy occupancy = lane.occupy(new TestTask("elsewhere", "a", "w").job());
        types.put("a", type(pool("a", 2)));
        reconfigure();
        submit("a", 10);
        assertThat(open("a")).isEqualTo(1);
        occupancy.vacate();
        assertThat(open("a")).isEqualTo(2);
    }

    @Test
    void theTimeoutHoldsForWhatStartsLater() {
        types.put("a", type(pool("a", 1)));
        submit("a", 2);
        types.put("a", new TypeSettings(pool("a", 1), Duration.ofHours(1), BREAKER, false));
        reconfigure();
        assertThat(target.onlyOpen().timeout()).isEqualTo(TIMEOUT);
        target.onlyOpen().answer(200);
        assertThat(target.onlyOpen().timeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aPausedLaneStartsNothingUntilItIsResumed() {
        types.put("a", type(pool("a", 2)));
        submit("a", 4);
        lane.reconfigure(settings(BREAKER, true));
        target.open().forEach(call -> call.answer(200));
        assertThat(target.open()).isEmpty();
        reconfigure();
        assertThat(target.open()).hasSize(2);
    }

    @Test
    void aPausedTypeStartsNothingUntilItIsResumedAndHindersNobody() {
        types.put("a", type(pool("low", 2)));
        types.put("b", type(pool("low", 2)));
        types.put("a", new TypeSettings(pool("low", 2), TIMEOUT, BREAKER, true));
        submit("a", 2);
        submit("b", 1);
        assertThat(open("b")).isEqualTo(1);
        assertThat(open("a")).isZero();
        types.put("a", type(pool("low", 2)));
        reconfigure();
        assertThat(open("a")).isEqualTo(1);
    }

    @Test
    void aFasterPaceDoesNotWaitForWhatWasSlower() {
        types.put("a", type(paced(1 / 3600.0)));
        submit("a", 10);
        types.put("a", type(paced(2)));
        reconfigure();
        assertThat(target.sent()).as("no start is given away").hasSize(1);
        time.advance(Duration.ofMillis(500));
        assertThat(target.sent()).hasSize(2);
    }

    @Test
    void aSlowerPaceHoldsFromTheLastStartOn() {
        types.put("a", type(paced(2)));
        submit("a", 10);
        types.put("a", type(paced(0.1)));
        reconfigure();
        time.advance(Duration.ofSeconds(9));
        assertThat(target.sent()).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(target.sent()).hasSize(2);
    }

    @Test
    void changesOfAPoolDoNotStartItsPaceAnew() {
        types.put("a", type(paced(1)));
        submit("a", 100);
        for (int change = 0; change < 50; change++) {
            reconfigure();
            time.advance(Duration.ofMillis(100));
        }
        assertThat(target.sent()).hasSizeBetween(5, 6);
    }

    @Test
    void anOpenBreakerStaysOpenForItsTime() {
        types.put("a", type(pool("a", 30)));
        submit("a", 100);
        while (!target.open().isEmpty()) {
            target.open().get(0).answer(503);
        }
        time.advance(Duration.ofSeconds(1));
        BreakerSettings other = new BreakerSettings(0.9, Duration.ofSeconds(10), 5, Duration.ofSeconds(20), 1);
        types.put("a", new TypeSettings(pool("a", 30), TIMEOUT, other, false));
        lane.reconfigure(settings(other, false));
        assertThat(target.open()).isEmpty();
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);

        time.advance(BREAKER.openFor().minusSeconds(1));
        assertThat(target.open()).as("the new number of probes").hasSize(1);
        target.onlyOpen().answer(200);
        time.advance(SLOW_START);
        assertThat(target.open()).hasSize(30);
    }

    @Test
    void aTargetThatIsLookedForIsLookedForAnew() {
        types.put("a", type(pool("a", 30)));
        submit("a", 100);
        target.open().get(0).complete(new Attempt.NotSent("refused"));
        target.open().forEach(call -> call.answer(200));
        time.advance(Duration.ofSeconds(1));
        List<FakeTarget.Call> probes = target.open();
        assertThat(probes).hasSize(BREAKER.probes());

        lane.reconfigure(settings(new BreakerSettings(0.5, Duration.ofSeconds(60), 20, TIMEOUT, 2), false));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.HALF_OPEN);
        assertThat(target.open()).hasSize(BREAKER.probes() + 2);
        probes.forEach(call -> call.answer(200));
        assertThat(lane.targetBreaker().phase())
                .as("they were asked under other rules")
                .isEqualTo(Phase.HALF_OPEN);
        target.open().forEach(call -> call.answer(200));
        assertThat(lane.targetBreaker().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void aHoldOutlivesTheChange() {
        types.put("a", type(pool("a", 2)));
        submit("a", 4);
        target.open().get(0).answer(429, Map.of("retry-after", "30"));
        types.put("a", type(pool("a", 10)));
        reconfigure();
        assertThat(target.open()).hasSize(1);
        time.advance(Duration.ofSeconds(30));
        assertThat(target.open()).as("a probe").hasSize(2);
    }

    @Test
    void nothingComesOfItOnceTheLaneHasStopped() {
        types.put("a", type(paced(1)));
        submit("a", 4);
        lane.stopAdmitting();
        reconfigure();
        assertThat(time.timers()).isZero();
    }

    private void reconfigure() {
        lane.reconfigure(settings(BREAKER, false));
    }

    private LaneSettings settings(BreakerSettings breaker, boolean paused) {
        return new LaneSettings("main", NONE, new MostBlocked(250), breaker, types::get, paused);
    }

    private void submit(String type, int count) {
        for (int i = 0; i < count; i++) {
            lane.submit(new TestTask(type + i, type, "w", "s", new TestTask.Owner() {
                @Override
                public void finished(TestTask task, Verdict verdict) {
                    if (verdict instanceof Verdict.Hold) {
                        lane.putBack(task);
                    }
                }
            }));
        }
    }

    private long open(String type) {
        return target.open().stream()
                .filter(call -> call.job().type().equals(type))
                .count();
    }

    private static TypeSettings type(PoolSettings pool) {
        return new TypeSettings(pool, TIMEOUT, BREAKER, false);
    }

    private static PoolSettings pool(String name, int concurrency) {
        return new PoolSettings(name, concurrency, 1, 0);
    }

    private static PoolSettings paced(double rate) {
        return new PoolSettings("a", 100, 1, 0, new FinerLimits(NONE, NONE, OptionalDouble.of(rate)));
    }
}
