package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final QueueMetrics metrics = new QueueMetrics(registry, "cpjobqueue");

    /** Prometheus' registry takes no two series of a name whose labels have other names. */
    @Test
    void producersOfLanesAndOfOtherPartsAreToldApart() {
        metrics.kafka("main").producer(() -> failed("a", 3));
        metrics.producer("intake").producer(() -> failed("b", 4));
        metrics.producer("fleet").producer(() -> failed("c", 5));

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("jobqueue_kafka_producer_records_failed")))
                .containsExactlyInAnyOrder(
                        "jobqueue_kafka_producer_records_failed_total{client=\"lane\",lane=\"main\"} 3.0",
                        "jobqueue_kafka_producer_records_failed_total{client=\"intake\",lane=\"\"} 4.0",
                        "jobqueue_kafka_producer_records_failed_total{client=\"fleet\",lane=\"\"} 5.0");
    }

    @Test
    void aProducerThatTakesTheTurnOfAnotherIsReadInItsPlace() {
        SchedulerMeters scheduler = metrics.scheduler();
        scheduler.writesBy(() -> failed("first-life", 7));

        scheduler.writesBy(() -> failed("second-life", 1));

        assertThat(registry.scrape())
                .contains("jobqueue_kafka_producer_records_failed_total{client=\"scheduler\",lane=\"\"} 1.0");
    }

    /** A counter of what is gone would stay at what it was. */
    @Test
    void aProducerIsReadThoughNobodyKeepsItsMeters() {
        AtomicLong failures = new AtomicLong(1);
        metrics.producer("intake").producer(() -> failed("a", failures));
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        Awaitility.await().until(() -> {
            System.gc();
            return garbage.get() == null;
        });

        failures.set(2);

        assertThat(registry.scrape())
                .contains("jobqueue_kafka_producer_records_failed_total{client=\"intake\",lane=\"\"} 2.0");
    }

    private static Map<MetricName, Metric> failed(String client, Number count) {
        MetricName name = new MetricName("record-error-total", "producer-metrics", "", Map.of("client-id", client));
        return Map.of(name, new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return count.doubleValue();
            }
        });
    }
}
