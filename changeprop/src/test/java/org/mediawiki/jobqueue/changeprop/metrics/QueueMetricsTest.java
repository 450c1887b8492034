package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Verdict;

/** SPEC section 8: bounded series, whatever the topics. */
class QueueMetricsTest {

    private static final int TYPES = 10_000;

    /** Nobody reads more, and Prometheus would pay for it. */
    private static final int MOST_SERIES_OF_A_TYPE = 90;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QueueMetrics metrics = new QueueMetrics(registry, "cpjobqueue");
    private final LaneMeters lane = metrics.lane("main");
    private final RecordAccounts accounts = metrics.accounts("main", new Topics("eqiad", "cpjobqueue"));
    private final SchedulerMeters scheduler = metrics.scheduler();

    @Test
    void tenThousandTopicsHaveAsManySeriesAsAreAllowedAndNothingIsLeftOut() {
        metrics.keep(List.of("type-9999"));
        Map<String, Long> depth = new HashMap<>();
        LaneMeters.Round round = lane.refresh();
        for (int i = 0; i < TYPES; i++) {
            String type = "type-" + i;
            everythingHappensTo(type);
            depth.put(type, 1L);
            round.type(type, TypeStates.usage("low_traffic_jobs", 0, 1), Ages.NONE, false);
        }
        round.end(Duration.ZERO, TYPES);
        accounts.publish(Map.of());
        scheduler.refresh(depth, Optional.empty(), InstantSource.fixed(Instant.EPOCH));

        assertThat(registry.getMeters())
                .hasSizeLessThan((QueueMetrics.MOST_TYPES + 1) * MOST_SERIES_OF_A_TYPE)
                .anyMatch(meter -> "type-9999".equals(meter.getId().getTag("type")));
        assertThat(valueOfOther("jobqueue.records.polled")).isEqualTo(TYPES - QueueMetrics.MOST_TYPES);
        assertThat(valueOfOther("jobqueue.verdicts")).isEqualTo(TYPES - QueueMetrics.MOST_TYPES);
        assertThat(valueOfOther("jobqueue.jobs.waiting")).isEqualTo(TYPES - QueueMetrics.MOST_TYPES);
        assertThat(valueOfOther("jobqueue.scheduler.depth")).isEqualTo(TYPES - QueueMetrics.MOST_TYPES);
        assertThat(registry.get("cpjobqueue_dequeue")
                        .tag("rule", "low-traffic-jobs-mediawiki-job-other")
                        .gauge()
                        .value())
                .isEqualTo(TYPES - QueueMetrics.MOST_TYPES);
        assertThat(registry.get("cpjobqueue_produce")
                        .tag("stream", "other")
                        .gauge()
                        .value())
                .isEqualTo(TYPES - 2 * QueueMetrics.MOST_TYPES);
    }

    private void everythingHappensTo(String type) {
        TopicPartition partition = new TopicPartition("eqiad.mediawiki.job." + type, 0);
        JobMeters meters = metrics.of("main", type, "low_traffic_jobs", "mediawiki.job." + type);
        meters.dequeued();
        meters.finished(false, Duration.ofSeconds(1), new Verdict.Done(200));
        accounts.polled(partition);
        accounts.settled(partition, Ending.DONE);
        metrics.produced("cpjobqueue.retry.mediawiki.job." + type, 0);
    }

    private double valueOfOther(String name) {
        return registry.get(name).tag("type", "other").meters().stream()
                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                .sum();
    }
}
