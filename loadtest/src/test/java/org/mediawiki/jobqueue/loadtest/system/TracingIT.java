package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.observe.PrometheusServer;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/** Traces, from a record's header by way of the runner's to the collector. */
final class TracingIT {

    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE_ID + "-00f067aa0ba902b7-01";

    private final JobEvent job = new JobEvents(41, Clock.systemUTC()).next(JobShape.of("refreshLinks"));

    @Test
    void theRunnerGetsTheTraceOfTheRecordAndTheCollectorASpan() throws IOException {
        Queue<byte[]> exports = new ConcurrentLinkedQueue<>();
        HttpServer collector = collector(exports);
        try (TestBed bed = new TestBed()) {
            bed.createTopics("refreshLinks");
            bed.start(tracedTo(collector));
            produceInTrace(bed, PARENT);
            bed.awaitRequests(job, 1);

            String sent = traceparent(bed);
            assertThat(sent).matches("00-" + TRACE_ID + "-[0-9a-f]{16}-01").isNotEqualTo(PARENT);
            String spanId = sent.split("-", -1)[2];
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(exports)
                            .anySatisfy(export -> assertThat(HexFormat.of().formatHex(export))
                                    .contains(
                                            TRACE_ID,
                                            spanId,
                                            hexOf("refreshLinks"),
                                            hexOf("http.response.status_code"))));
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void whereNothingIsTracedTheTraceOfTheRecordGoesOnUnchanged() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("refreshLinks");
            bed.start();
            produceInTrace(bed, PARENT);
            bed.awaitRequests(job, 1);

            assertThat(traceparent(bed)).isEqualTo(PARENT);
        }
    }

    @Test
    void aMetricNamesASampledAttemptsTraceToPrometheus(@TempDir Path folder) throws IOException {
        HttpServer collector = collector(new ConcurrentLinkedQueue<>());
        try (TestBed bed = new TestBed()) {
            bed.createTopics("refreshLinks");
            bed.runner().on(type("refreshLinks")).answer(status(404));
            Service service = bed.start(tracedTo(collector));
            try (PrometheusServer prometheus = PrometheusServer.scraping(folder, service.adminPort())) {
                produceInTrace(bed, PARENT);
                bed.awaitEnded("refreshLinks", 1);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        openMetrics(service).body().lines().filter(line -> line.contains(TRACE_ID)))
                                .anyMatch(line -> line.startsWith("jobqueue_verdicts_total{")));

                for (String series : List.of(
                        "jobqueue_verdicts_total{type=\"refreshLinks\", verdict=\"dead\", status=\"404\"}",
                        "cpjobqueue_normal_rule_processing_delay_bucket")) {
                    await().atMost(TestBed.PATIENCE)
                            .untilAsserted(() -> assertThat(
                                            prometheus.exemplars(series).findValuesAsText("trace_id"))
                                    .as(series)
                                    .containsExactly(TRACE_ID));
                }
            }
            assertThat(bed.admin(service, "/metrics").body())
                    .as("the text format has no place for them")
                    .doesNotContain(TRACE_ID);
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void aMetricNamesNoTraceThatNobodyCanLookUp() throws IOException {
        HttpServer collector = collector(new ConcurrentLinkedQueue<>());
        try (TestBed bed = new TestBed()) {
            bed.createTopics("refreshLinks");
            Service service = bed.start(tracedTo(collector));
            produceInTrace(bed, PARENT.replaceFirst("-01$", "-00"));
            bed.awaitEnded("refreshLinks", 1);

            // An answer that has ended at the runner is not yet one that the service has judged.
            await().atMost(TestBed.PATIENCE)
                    .until(() -> openMetrics(service).body().contains("jobqueue_verdicts_total{"));

            HttpResponse<String> scrape = openMetrics(service);

            assertThat(scrape.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
            assertThat(scrape.body())
                    .contains("jobqueue_verdicts_total{", "# EOF")
                    .doesNotContain("trace_id");
        } finally {
            collector.stop(0);
        }
    }

    private static HttpResponse<String> openMetrics(Service service) {
        return Api.of(service).send("GET", "/metrics", "", "accept", "application/openmetrics-text;version=1.0.0");
    }

    /** No ratio: whoever began the record's trace decides whether it is sampled. */
    private static Setup tracedTo(HttpServer collector) {
        return Setup.plain()
                .withKeys("tracing: {endpoint: \"http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces\", sample_ratio: 0}");
    }

    private void produceInTrace(TestBed bed, String traceparent) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(bed.topic("refreshLinks"), job.bytes().getBytes());
        record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.US_ASCII));
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            assertThat(producer.send(record)).succeedsWithin(TestBed.PATIENCE);
        }
    }

    private String traceparent(TestBed bed) {
        List<RecordedRequest> requests = bed.runner().ledger().requests(job.id());
        assertThat(requests).hasSize(1);
        return requests.get(0).wire().headers().getOrDefault("traceparent", "");
    }

    private static HttpServer collector(Queue<byte[]> exports) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            exports.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String hexOf(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
