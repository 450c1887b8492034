package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
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
            // No ratio: the record's trace is sampled, and who began it decides.
            bed.start(Setup.plain()
                    .withKeys("tracing: {endpoint: \"http://127.0.0.1:"
                            + collector.getAddress().getPort() + "/v1/traces\", sample_ratio: 0}"));
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
