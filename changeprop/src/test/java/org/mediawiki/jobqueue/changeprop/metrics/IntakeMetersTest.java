package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.intake.IntakeListener;

class IntakeMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IntakeListener meters = new QueueMetrics(registry, "cpjobqueue").intake();

    /** What the alerts JobQueuePostsLost and JobQueuePostsRefused ask for. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 408, 413, 415, 500, 503})
    void aRefusalStandsAtZeroBeforeTheFirstWhichHasARateThen(int status) {
        assertThat(answered(status)).isZero();
    }

    @Test
    void answersAreCountedByTheirStatus() {
        meters.answered(503, Duration.ofSeconds(4));
        meters.answered(503, Duration.ofSeconds(4));
        meters.answered(201, Duration.ofMillis(3));

        assertThat(answered(503)).isEqualTo(2);
        assertThat(answered(201)).isEqualTo(1);
        assertThat(answered(401)).isZero();
    }

    private double answered(int status) {
        return registry.get("jobqueue.intake.requests")
                .tag("status", Integer.toString(status))
                .counter()
                .count();
    }
}
