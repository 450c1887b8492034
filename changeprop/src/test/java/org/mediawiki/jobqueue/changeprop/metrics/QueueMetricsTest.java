package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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

    private double oldestAttempt() {
        return registry.get("jobqueue.attempt.oldest.seconds")
                .tag("lane", "videoscaler")
                .tag("type", "webVideoTranscode")
                .gauge()
                .value();
    }
}
