package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.FailureKind;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Phase;
import org.mediawiki.jobqueue.runner.breaker.BreakerState.Trigger;

class LaneMetersTest {

    private static final Ages AGES =
            new Ages(Duration.ofMinutes(90).plusMillis(500), Duration.ofSeconds(7), Duration.ofHours(2));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LaneMeters lane = new QueueMetrics(registry, "cpjobqueue").lane("main");

    @Test
    void agesAreToldInSecondsAndAreZeroWhereThereIsNone() {
        refresh("webVideoTranscode", "webVideoTranscode", AGES);
        assertThat(ofType("jobqueue.attempt.oldest.seconds", "webVideoTranscode"))
                .isEqualTo(5_400.5);
        assertThat(ofType("jobqueue.waiting.oldest.seconds", "webVideoTranscode"))
                .isEqualTo(7);
        assertThat(ofType("jobqueue.lag.seconds", "webVideoTranscode")).isEqualTo(7_200);

        refresh("webVideoTranscode", "webVideoTranscode", Ages.NONE);
        assertThat(ofType("jobqueue.attempt.oldest.seconds", "webVideoTranscode"))
                .isZero();
        assertThat(ofType("jobqueue.waiting.oldest.seconds", "webVideoTranscode"))
                .isZero();
    }

    @Test
    void nothingOfALookIsSeenBeforeItsEnd() {
        LaneMeters.Round round = lane.refresh();
        round.target(breaker(Phase.OPEN, Map.of(), Map.of()));
        assertThat(registry.find("jobqueue.target.breaker").gauge()).isNull();

        round.end(Duration.ofSeconds(3), 12);

        assertThat(registry.get("jobqueue.target.breaker").gauge().value()).isEqualTo(2);
        assertThat(registry.get("jobqueue.poll.age.seconds").gauge().value()).isEqualTo(3);
        assertThat(registry.get("jobqueue.partitions.owned").gauge().value()).isEqualTo(12);
    }

    @Test
    void aTypeThatMovesToAnotherPoolUsesNothingOfTheOldOneAnyMore() {
        refresh("Foo", "low_traffic_jobs", AGES);
        refresh("Foo", "Foo", AGES);

        assertThat(waiting("Foo", "low_traffic_jobs")).isZero();
        assertThat(waiting("Foo", "Foo")).isEqualTo(4);
        assertThat(ofType("jobqueue.attempt.oldest.seconds", "Foo"))
                .as("whatever the pool")
                .isEqualTo(5_400.5);
    }

    @Test
    void whatIsPausedIsToldUntilItIsResumed() {
        LaneMeters.Round paused = lane.refresh();
        paused.type("Foo", TypeStates.usage("Foo", 0, 4), Ages.NONE, true);
        paused.lanePaused(true);
        paused.end(Duration.ZERO, 1);
        assertThat(ofType("jobqueue.type.paused", "Foo")).isEqualTo(1);
        assertThat(registry.get("jobqueue.lane.paused").gauge().value()).isEqualTo(1);

        refresh("Foo", "Foo", Ages.NONE);

        assertThat(ofType("jobqueue.type.paused", "Foo")).isZero();
        assertThat(registry.get("jobqueue.lane.paused").gauge().value()).isZero();
    }

    @Test
    void aRateIsToldInStartsASecondAndIsZeroWhereThereIsNone() {
        refresh("Foo", "Foo", Ages.NONE);
        assertThat(ofType("jobqueue.rate.limit", "Foo")).isZero();

        LaneMeters.Round paced = lane.refresh();
        paced.type("Foo", TypeStates.paced("Foo", 0.5), Ages.NONE, false);
        paced.end(Duration.ZERO, 1);
        assertThat(ofType("jobqueue.rate.limit", "Foo")).isEqualTo(0.5);
    }

    @Test
    void ofTypesThatShareALabelTheSlowestRateIsTold() {
        TypeState other = new TypeState();

        other.use(TypeStates.paced("Foo", 5));
        other.use(TypeStates.paced("Bar", 0.5));
        other.use(TypeStates.usage("low_traffic_jobs", 0, 1));

        assertThat(other.rate()).isEqualTo(0.5);
    }

    /** Those of a label that are not paused may starve; the alert leaves them to the eyes of whoever paused the rest. */
    @Test
    void ofTypesThatShareALabelOneThatIsPausedIsTold() {
        TypeState other = new TypeState();

        other.pause(false);
        other.pause(true);
        other.pause(false);

        assertThat(other.paused()).isEqualTo(1);
    }

    @Test
    void aBreakerTellsItsPhaseAndWhatOpenedItAndWhatFailed() {
        tellBreakers(breaker(Phase.CLOSED, Map.of(), Map.of()));
        assertThat(registry.find("jobqueue.target.breaker.openings").meters())
                .as("what never happened")
                .isEmpty();

        tellBreakers(breaker(Phase.OPEN, Map.of(Trigger.ROW, 2L), Map.of(FailureKind.BAD_GATEWAY, 40L)));

        assertThat(registry.get("jobqueue.target.breaker").gauge().value()).isEqualTo(2);
        assertThat(count("jobqueue.target.breaker.openings", "trigger", "row")).isEqualTo(2);
        assertThat(count("jobqueue.target.breaker.failures", "kind", "bad_gateway"))
                .isEqualTo(40);
    }

    @Test
    void ofBreakersThatShareALabelTheWorstIsToldAndWhatAllHaveCounted() {
        BreakerState closed = breaker(Phase.CLOSED, Map.of(Trigger.ROW, 1L), Map.of(FailureKind.TIMEOUT, 5L));
        BreakerState open = breaker(Phase.OPEN, Map.of(Trigger.ROW, 2L), Map.of(FailureKind.OTHER, 7L));

        BreakerState both = BreakerMeters.together(closed, open);

        assertThat(both.phase()).isEqualTo(Phase.OPEN);
        assertThat(both.openings()).isEqualTo(Map.of(Trigger.ROW, 3L));
        assertThat(both.failures()).isEqualTo(Map.of(FailureKind.TIMEOUT, 5L, FailureKind.OTHER, 7L));
    }

    private void tellBreakers(BreakerState now) {
        LaneMeters.Round round = lane.refresh();
        round.target(now);
        round.typeBreaker("Foo", now);
        round.end(Duration.ZERO, 1);
    }

    private double count(String name, String label, String value) {
        return registry.get(name)
                .tag("lane", "main")
                .tag(label, value)
                .functionCounter()
                .count();
    }

    private void refresh(String type, String pool, Ages ages) {
        LaneMeters.Round round = lane.refresh();
        round.type(type, TypeStates.usage(pool, 2, 4), ages, false);
        round.end(Duration.ZERO, 1);
    }

    private double ofType(String name, String type) {
        return registry.get(name).tag("lane", "main").tag("type", type).gauge().value();
    }

    private double waiting(String type, String pool) {
        return registry.get("jobqueue.jobs.waiting")
                .tag("type", type)
                .tag("pool", pool)
                .gauge()
                .value();
    }

    private static BreakerState breaker(Phase phase, Map<Trigger, Long> openings, Map<FailureKind, Long> failures) {
        return new BreakerState(phase, "", Instant.EPOCH, List.of(), openings, failures);
    }
}
