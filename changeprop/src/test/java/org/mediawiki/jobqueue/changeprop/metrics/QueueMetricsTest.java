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
import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.TypeUsage;

class QueueMetricsTest {

    private static final TypeUsage IN_USE =
            new TypeUsage(2, 0, 0, new PoolSettings("webVideoTranscode", 15, 1, 0), false);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QueueMetrics metrics = new QueueMetrics(registry, "cpjobqueue");

    @Test
    void theAgeOfTheOldestAttemptIsToldInSecondsAndIsZeroWhereNoneIs() {
        metrics.use(
                "videoscaler",
                "webVideoTranscode",
                IN_USE,
                Duration.ofMinutes(90).plusMillis(500));
        assertThat(oldestAttempt()).isEqualTo(5_400.5);

        metrics.use("videoscaler", "webVideoTranscode", IN_USE, Duration.ZERO);
        assertThat(oldestAttempt()).isZero();
    }

    @Test
    void aBreakerTellsItsPhaseAndWhatOpenedItAndWhatFailed() {
        metrics.targetBreaker("main", breaker(Phase.CLOSED, Map.of(), Map.of()));
        assertThat(registry.find("jobqueue.target.breaker.openings").meters())
                .as("what never happened")
                .isEmpty();

        metrics.targetBreaker(
                "main", breaker(Phase.OPEN, Map.of(Trigger.ROW, 2L), Map.of(FailureKind.BAD_GATEWAY, 40L)));

        assertThat(registry.get("jobqueue.target.breaker").gauge().value()).isEqualTo(2);
        assertThat(count("jobqueue.target.breaker.openings", "trigger", "row")).isEqualTo(2);
        assertThat(count("jobqueue.target.breaker.failures", "kind", "bad_gateway"))
                .isEqualTo(40);
    }

    private double count(String name, String label, String value) {
        return registry.get(name)
                .tag("lane", "main")
                .tag(label, value)
                .functionCounter()
                .count();
    }

    private static BreakerState breaker(Phase phase, Map<Trigger, Long> openings, Map<FailureKind, Long> failures) {
        return new BreakerState(phase, "", Instant.EPOCH, List.of(), openings, failures);
    }

    private double oldestAttempt() {
        return registry.get("jobqueue.attempt.oldest.seconds")
                .tag("lane", "videoscaler")
                .tag("type", "webVideoTranscode")
                .gauge()
                .value();
    }
}
