package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Verdict;

class JobMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final JobMeters meters = new QueueMetrics(registry, "cpjobqueue")
            .of("main", "refreshLinks", "refreshLinks", "mediawiki.job.refreshLinks");

    @Test
    void recordsDelaysOfAnyLengthAndNoneBelowZero() {
        meters.started(Duration.between(Instant.MIN, Instant.MAX));
        meters.started(Duration.ofSeconds(-5));
        meters.startedAfterRoot(Duration.between(Instant.MAX, Instant.MIN));
        meters.retryStarted(Duration.ofMillis(1_500));

        assertThat(registry.get("cpjobqueue_normal_rule_processing_delay")
                        .summary()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("cpjobqueue_normal_rule_processing_total_delay")
                        .summary()
                        .max())
                .isZero();
        assertThat(registry.get("cpjobqueue_retry_rule_processing_delay")
                        .summary()
                        .totalAmount())
                .isEqualTo(1.5);
    }

    @Test
    void tellsFirstAttemptsFromRetriesInTheLegacyMetrics() {
        meters.finished(false, Duration.ofSeconds(2), new Verdict.Done(200));
        meters.finished(true, Duration.ofSeconds(3), new Verdict.Done(200));

        assertThat(registry.get("cpjobqueue_normal_rule_processing")
                        .tag("service", "cpjobqueue")
                        .tag("rule", "refreshLinks-mediawiki-job-refreshLinks")
                        .summary()
                        .totalAmount())
                .isEqualTo(2);
        assertThat(registry.get("cpjobqueue_retry_rule_processing").summary().totalAmount())
                .isEqualTo(3);
        assertThat(registry.get("jobqueue.verdicts")
                        .tag("verdict", "done")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    /** Netty takes any number for a status. */
    @Test
    void statusesThatHttpDoesNotKnowShareOneSeries() {
        for (int status : new int[] {0, 99, 100, 599, 600, 999, 1_000, Integer.MAX_VALUE}) {
            meters.finished(false, Duration.ofSeconds(1), new Verdict.Retry(failure(status)));
            meters.finished(false, Duration.ofSeconds(1), new Verdict.Dead(failure(status)));
        }

        assertThat(registry.get("jobqueue.verdicts").counters())
                .extracting(counter -> counter.getId().getTag("verdict") + " "
                        + counter.getId().getTag("status") + " x " + (int) counter.count())
                .containsExactlyInAnyOrder(
                        "retry other x 6",
                        "retry 100 x 1",
                        "retry 599 x 1",
                        "dead other x 6",
                        "dead 100 x 1",
                        "dead 599 x 1");
    }

    private static Failure failure(int status) {
        return Failure.withoutAnswer(Failure.Cause.STATUS, status, "nonsense");
    }

    @Test
    void anAbandonedJobIsCountedUnderItsOldName() {
        meters.dequeued();
        meters.abandoned();
        assertThat(registry.get("cpjobqueue_dequeue").gauge().value()).isEqualTo(1);
        assertThat(registry.get("cpjobqueue_abandon").gauge().value()).isEqualTo(1);
    }
}
