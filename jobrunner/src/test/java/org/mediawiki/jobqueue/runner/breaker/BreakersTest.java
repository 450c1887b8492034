package org.mediawiki.jobqueue.runner.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;
import static org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase.CLOSED;
import static org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase.HALF_OPEN;
import static org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase.OPEN;
import static org.mediawiki.jobqueue.runner.breaker.Scene.LOST;
import static org.mediawiki.jobqueue.runner.breaker.Scene.REFUSED;
import static org.mediawiki.jobqueue.runner.breaker.Scene.SICK;
import static org.mediawiki.jobqueue.runner.breaker.Scene.TIMED_OUT;
import static org.mediawiki.jobqueue.runner.breaker.Scene.UNAVAILABLE;
import static org.mediawiki.jobqueue.runner.breaker.Scene.WELL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Failure.Cause;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.FailureKind;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

/** When breakers open and close, by the default settings. */
class BreakersTest {

    private static final Duration OPEN_FOR = BreakerSettings.DEFAULT.openFor();
    private static final int MINIMUM = BreakerSettings.DEFAULT.minimumCalls();
    private static final int PROBES = BreakerSettings.DEFAULT.probes();

    private final Scene scene = new Scene();

    @ParameterizedTest
    @MethodSource
    void theTypesBreakerOpensAtOnceWhenNothingWorksAnyMore(Verdict failure) {
        scene.calls(5_000, "a", WELL);

        scene.calls(MINIMUM - 1, "a", failure);
        assertThat(phase("a")).isEqualTo(CLOSED);
        scene.calls(1, "a", failure);

        assertThat(phase("a")).isEqualTo(OPEN);
        assertThat(scene.type("a").admits()).isFalse();
        assertThat(scene.type("a").state().reason()).contains("20 calls failed in a row");
    }

    static Stream<Verdict> theTypesBreakerOpensAtOnceWhenNothingWorksAnyMore() {
        return Stream.of(UNAVAILABLE, LOST, TIMED_OUT, SICK, Scene.failure(Cause.PHP_FATAL, 200));
    }

    @Test
    void theTypesBreakerOpensWhenHalfOfItsWindowFails() {
        for (int i = 0; i < MINIMUM / 2 - 1; i++) {
            scene.call("a", WELL);
            scene.call("a", UNAVAILABLE);
        }
        scene.call("a", WELL);
        assertThat(phase("a")).isEqualTo(CLOSED);

        scene.call("a", UNAVAILABLE);

        assertThat(phase("a")).isEqualTo(OPEN);
        assertThat(scene.type("a").state().reason()).isEqualTo("50% of 20 calls failed, the last: HTTP 503");
    }

    @Test
    void whatLeftTheWindowDoesNotCount() {
        for (int i = 0; i < 9; i++) {
            scene.call("a", WELL);
            scene.call("a", UNAVAILABLE);
        }
        scene.time.advance(Duration.ofSeconds(61));
        scene.calls(2, "a", UNAVAILABLE);
        assertThat(phase("a")).isEqualTo(CLOSED);
    }

    @ParameterizedTest
    @MethodSource
    void whatIsTheJobsOwnFaultCountsForNeither(Verdict verdict) {
        scene.calls(200, "a", verdict);
        assertThat(phase("a")).isEqualTo(CLOSED);
        assertThat(target().phase()).isEqualTo(CLOSED);

        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.calls(50, "a", verdict);

        assertThat(phase("a")).as("no success either").isEqualTo(HALF_OPEN);
        assertThat(scene.type("a").admits()).as("the permission is given back").isTrue();
    }

    static Stream<Verdict> whatIsTheJobsOwnFaultCountsForNeither() {
        Failure refused = Failure.withoutAnswer(Cause.STATUS, 404, "HTTP 404");
        return Stream.of(
                new Verdict.Dead(refused),
                new Hold(Scope.WIKI, OPEN_FOR, "read-only"),
                new Hold(Scope.TYPE, OPEN_FOR, "HTTP 429"),
                Scene.failure(Cause.INTERNAL, 500));
    }

    @Test
    void afterAWhileAFewProbesAreSentAndCloseItAgain() {
        open("a", UNAVAILABLE);
        int looks = scene.looks;
        scene.time.advance(OPEN_FOR);
        assertThat(scene.looks).as("whoever waits is looked at").isGreaterThan(looks);

        List<Call> probes = sendAll("a");
        assertThat(probes).hasSize(PROBES);
        probes.forEach(probe -> probe.ended(WELL, verdict -> {}));

        assertThat(phase("a")).isEqualTo(CLOSED);
    }

    @Test
    void probesThatFailKeepItOpenAndCostNothing() {
        open("a", UNAVAILABLE);
        for (int round = 0; round < 100; round++) {
            scene.time.advance(OPEN_FOR);
            assertThat(scene.calls(100, "a", UNAVAILABLE)).allMatch(Hold.class::isInstance);
            assertThat(phase("a")).isEqualTo(OPEN);
        }
    }

    @Test
    void probesOfWhichTooManyFailedWaitForNoOther() {
        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.send("a");
        scene.calls(2, "a", UNAVAILABLE);
        assertThat(phase("a")).isEqualTo(OPEN);
    }

    @Test
    void aProbeOfASickTypeCostsAnAttempt() {
        open("a", SICK);
        scene.time.advance(OPEN_FOR);
        assertThat(scene.call("a", SICK)).containsExactly(SICK);
    }

    @Test
    void silentProbesMakeRoomForTheNextRound() {
        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        List<Call> silent = sendAll("a");
        scene.time.advance(UsualDuration.FLOOR);
        assertThat(phase("a")).isEqualTo(OPEN);

        scene.time.advance(OPEN_FOR);
        assertThat(sendAll("a")).hasSize(PROBES);

        silent.forEach(late -> late.ended(WELL, verdict -> {}));
        assertThat(phase("a")).as("nobody listens to an earlier round").isEqualTo(HALF_OPEN);
    }

    @Test
    void oneSickTypeDoesNotStopTheOthersEvenIfItIsMostOfTheTraffic() {
        for (int second = 0; second < 300; second++) {
            scene.calls(95, "sick", UNAVAILABLE);
            scene.calls(5, "healthy", WELL);
            assertThat(target().phase()).isEqualTo(CLOSED);
            scene.time.advance(Duration.ofSeconds(1));
        }
        assertThat(phase("sick")).isNotEqualTo(CLOSED);
        assertThat(phase("healthy")).isEqualTo(CLOSED);
        assertThat(target().lastErrors()).hasSize(BreakerState.MAX_ERRORS);
    }

    @Test
    void oneSickTypeAndAStrayFailureOfAnotherDoNotMakeAnOutage() {
        for (int second = 0; second < 300; second++) {
            scene.calls(50, "sick", UNAVAILABLE);
            scene.calls(second % 10 == 0 ? 1 : 0, "healthy", LOST);
            scene.calls(5, "healthy", WELL);
            assertThat(target().phase()).isEqualTo(CLOSED);
            scene.time.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void aTypeThatIsAloneHasItsOwnBreakerForIt() {
        scene.calls(1_000, "only", UNAVAILABLE);
        assertThat(phase("only")).isEqualTo(OPEN);
        assertThat(target().phase()).isEqualTo(CLOSED);
    }

    @Test
    void manySmallTypesTellTogetherThatTheTargetIsDown() {
        IntStream.range(0, MINIMUM).forEach(i -> scene.call("small" + i, WELL));
        IntStream.range(0, MINIMUM).forEach(i -> scene.call("small" + i, UNAVAILABLE));

        assertThat(target().phase()).isEqualTo(OPEN);
        assertThat(target().reason()).isEqualTo("20 calls of 20 job types failed in a row, the last: HTTP 503");
        assertThat(phase("small1")).isEqualTo(CLOSED);
        assertThat(scene.admits("small1")).isFalse();
    }

    @Test
    void manySmallTypesTellTogetherThatHalfOfTheirCallsFail() {
        IntStream.range(0, 100).filter(i -> scene.breakers.targetAdmits()).forEach(i -> {
            scene.call("small" + i % 10, UNAVAILABLE);
            scene.calls(1, "small" + i % 10, WELL);
        });
        assertThat(target().phase()).isEqualTo(OPEN);
        assertThat(target().reason()).contains("of 21 calls failed, 10 job types are concerned");
    }

    @Test
    void aTypesOwnFailuresAreNotTheTargets() {
        IntStream.range(0, 200).forEach(i -> scene.call("small" + i, SICK));
        assertThat(target().phase()).isEqualTo(CLOSED);
    }

    @Test
    void oneConnectionThatIsRefusedStopsTheTargetForASecond() {
        assertThat(scene.call("a", REFUSED)).containsExactly(REFUSED);
        assertThat(target().phase()).isEqualTo(OPEN);
        assertThat(target().reason()).isEqualTo("refused");
        assertThat(phase("a")).isEqualTo(CLOSED);

        scene.time.advance(Duration.ofSeconds(1));
        assertThat(scene.calls(100, "a", REFUSED)).hasSize(1);
        scene.time.advance(Duration.ofSeconds(1));
        assertThat(scene.calls(PROBES, "a", WELL)).hasSize(PROBES);

        assertThat(target().phase()).isEqualTo(CLOSED);
    }

    @Test
    void aTargetThatHangsIsNoticedByTheCallsUnderWay() {
        known("a", Duration.ofMillis(100));
        known("b", Duration.ofMillis(100));
        for (int i = 0; i < MINIMUM; i++) {
            scene.send("a");
            scene.send("b");
        }
        scene.time.advance(UsualDuration.FLOOR.plusSeconds(1));

        assertThat(target().phase()).isEqualTo(OPEN);
        assertThat(phase("a")).isEqualTo(OPEN);
        assertThat(target().lastErrors().get(0).message()).contains("no answer within 5000 ms");
    }

    @Test
    void whatHangsIsNoticedAlsoAfterSomebodyHasThrownWhoHeardOfIt() {
        known("a", Duration.ofMillis(100));
        Call onTrial = scene.send("a");
        scene.time.advance(Duration.ofMillis(10));
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("a"));
        scene.time.advance(UsualDuration.FLOOR.minusSeconds(1));
        onTrial.ended(UNAVAILABLE, verdict -> {
            throw new IllegalStateException("a bug");
        });
        assertThatIllegalStateException().isThrownBy(() -> scene.time.advance(Duration.ofSeconds(3)));
        assertThat(phase("a")).isEqualTo(OPEN);

        known("b", Duration.ofMillis(100));
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("b"));
        scene.time.advance(UsualDuration.FLOOR.plusSeconds(1));

        assertThat(phase("b")).isEqualTo(OPEN);
    }

    @Test
    void callsThatTakeTenTimesAsLongAsUsualAreAnOutage() {
        known("a", Duration.ofSeconds(2));
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("a"));
        scene.time.advance(Duration.ofSeconds(19));
        assertThat(phase("a")).isEqualTo(CLOSED);
        scene.time.advance(Duration.ofSeconds(2));
        assertThat(phase("a")).isEqualTo(OPEN);
    }

    @Test
    void jobsOfMinutesAreNoOutage() {
        known("a", Duration.ofMinutes(3));
        IntStream.range(0, 10 * MINIMUM).forEach(i -> scene.send("a"));
        scene.time.advance(Duration.ofMinutes(29));
        assertThat(phase("a")).isEqualTo(CLOSED);
    }

    @Test
    void longJobsAmongShortOnesAreNoOutage() {
        known("a", Duration.ofMillis(100));
        for (int second = 0; second < 60; second++) {
            scene.send("a");
            scene.time.advance(Duration.ofMillis(900));
            scene.call("a", WELL);
            scene.time.advance(Duration.ofMillis(100));
            assertThat(phase("a")).isEqualTo(CLOSED);
        }
    }

    @Test
    void aTypeThatHangsFromItsFirstCallOnIsNoticedAfterAMinute() {
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("a"));
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("b"));
        scene.time.advance(UsualDuration.FIRST_GUESS);
        assertThat(phase("a")).isEqualTo(CLOSED);

        scene.time.advance(Duration.ofSeconds(1));

        assertThat(phase("a")).isEqualTo(OPEN);
        assertThat(target().phase()).isEqualTo(OPEN);
        assertThat(target().lastErrors().get(0).message()).contains("no answer within 60500 ms from the first calls");
    }

    @Test
    void whereJobsMayTakeADayTheFirstMayTakeAnHour() {
        IntStream.range(0, 10 * MINIMUM).forEach(i -> scene.send("a", Duration.ofHours(24)));
        scene.time.advance(Duration.ofHours(1));
        assertThat(phase("a")).isEqualTo(CLOSED);
    }

    @Test
    void longFirstJobsThatEndWellOneAfterTheOtherAreNoOutage() {
        for (int i = 0; i < 10 * MINIMUM; i++) {
            scene.slowCall("a", Duration.ofMinutes(3));
            assertThat(phase("a")).isEqualTo(CLOSED);
        }
    }

    @Test
    void aTypeThatIsWellAgainIsGivenMoreAndMore() {
        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.calls(PROBES, "a", WELL);
        assertThat(phase("a")).isEqualTo(CLOSED);

        List<Integer> underWay = new ArrayList<>();
        List<Call> calls = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            calls.addAll(sendAll("a"));
            underWay.add(calls.size());
            scene.time.advance(SlowStart.STEP);
        }
        assertThat(underWay).containsExactly(PROBES, 2 * PROBES, 4 * PROBES, 8 * PROBES);

        calls.addAll(sendAll("a"));
        int looks = scene.looks;
        calls.remove(0).ended(WELL, verdict -> {});
        assertThat(scene.looks).as("whoever waits is looked at").isGreaterThan(looks);
        assertThat(sendAll("a")).as("in the place of the one that ended").hasSize(1);
    }

    @Test
    void aTargetThatIsWellAgainIsGivenMoreAndMoreOfAllTypesTogether() {
        scene.call("a", REFUSED);
        scene.time.advance(Duration.ofSeconds(1));
        scene.calls(PROBES, "a", WELL);
        assertThat(target().phase()).isEqualTo(CLOSED);

        assertThat(sendAll("a")).hasSize(PROBES);
        assertThat(sendAll("b")).isEmpty();
        scene.time.advance(SlowStart.STEP);
        assertThat(sendAll("b")).hasSize(PROBES);
    }

    @Test
    void whileCallsFailNothingGrowsButNotForLongerThanTheSlowStart() {
        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.calls(PROBES, "a", WELL);

        for (int step = 1; step < SlowStart.STEPS; step++) {
            scene.call("a", UNAVAILABLE);
            scene.call("a", WELL);
            scene.call("a", WELL);
            scene.time.advance(SlowStart.STEP);
            List<Call> calls = sendAll("a");
            assertThat(calls).hasSize(PROBES);
            calls.forEach(call -> call.ended(WELL, verdict -> {}));
        }
        scene.time.advance(SlowStart.STEP);
        assertThat(sendAll("a")).as("no bound").hasSize(1_000);
    }

    @Test
    void whatHangsFromBeforeTakesNoRoomOfTheSlowStart() {
        List<Call> hanging = Stream.generate(() -> scene.send("a")).limit(100).toList();
        open("a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.calls(PROBES, "a", WELL);

        assertThat(sendAll("a")).hasSize(PROBES);
        hanging.forEach(call -> call.ended(WELL, verdict -> {}));
        assertThat(sendAll("a")).as("nor does it make any").isEmpty();
    }

    @Test
    void whatOpenedItAndWhatFailedIsCounted() {
        scene.calls(5_000, "a", WELL);
        scene.calls(MINIMUM, "a", UNAVAILABLE);
        scene.time.advance(OPEN_FOR);
        scene.calls(PROBES, "a", LOST);

        BreakerState state = scene.type("a").state();
        assertThat(state.openings()).containsOnly(entry(Trigger.ROW, 1L), entry(Trigger.PROBES, 1L));
        assertThat(state.failures())
                .containsOnly(
                        entry(FailureKind.UNAVAILABLE, (long) MINIMUM), entry(FailureKind.BAD_GATEWAY, PROBES - 1L));
        scene.call("b", REFUSED);
        assertThat(target().openings()).containsEntry(Trigger.NO_CONNECTION, 1L);
    }

    @Test
    void aTypeWhoseJobsHaveBecomeLongForGoodIsLetThroughInTheEnd() {
        known("a", Duration.ofMillis(100));
        IntStream.range(0, MINIMUM).forEach(i -> scene.send("a"));
        scene.time.advance(Duration.ofSeconds(6));
        assertThat(phase("a")).isEqualTo(OPEN);

        for (int i = 0; i < 100 && phase("a") != CLOSED; i++) {
            scene.time.advance(OPEN_FOR);
            List<Call> probes = sendAll("a");
            scene.time.advance(Duration.ofSeconds(8));
            probes.forEach(probe -> probe.ended(WELL, verdict -> {}));
        }

        assertThat(phase("a")).isEqualTo(CLOSED);
    }

    @Test
    void nothingKeepsATimerAfterTheEnd() {
        open("a", UNAVAILABLE);
        scene.call("b", LOST);
        scene.send("b");
        Call last = scene.send("b");
        scene.breakers.dispose();
        last.ended(LOST, verdict -> {});
        assertThat(scene.time.timers()).isZero();
    }

    private void open(String type, Verdict failure) {
        scene.calls(MINIMUM, type, failure);
        assertThat(phase(type)).isEqualTo(OPEN);
    }

    private void known(String type, Duration usual) {
        IntStream.range(0, MINIMUM).forEach(i -> scene.slowCall(type, usual));
    }

    private List<Call> sendAll(String type) {
        return Stream.generate(() -> type)
                .limit(1_000)
                .takeWhile(scene::admits)
                .map(scene::send)
                .toList();
    }

    private BreakerState.Phase phase(String type) {
        return scene.type(type).state().phase();
    }

    private BreakerState target() {
        return scene.breakers.target();
    }
}
