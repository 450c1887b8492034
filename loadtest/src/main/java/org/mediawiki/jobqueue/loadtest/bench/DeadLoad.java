package org.mediawiki.jobqueue.loadtest.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** Error events as the service writes them, of twenty types that died of some things. Used by one thread. */
final class DeadLoad implements AutoCloseable {

    private static final String TOPIC = "eqiad.cpjobqueue.error";
    private static final int TYPES = 20;
    private static final int[] STATUSES = {400, 404, 413, 500, 503};

    private final JobEvents events = new JobEvents(3, Clock.systemUTC());
    private final ObjectMapper json = new ObjectMapper();
    private final Producer<byte[], byte[]> producer;
    private final int bytes;

    /** {@code bytes} is the size of a job's parameters. */
    DeadLoad(String bootstrapServers, int bytes) {
        this.bytes = bytes;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "20", "compression.type", "snappy"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static String type(int number) {
        return "deadType" + number % TYPES;
    }

    /** Returns when the broker has all of them. */
    void produce(int count) {
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            var unused = producer.send(new ProducerRecord<>(TOPIC, null, null, error(i)), (written, failure) -> {
                if (failure != null) {
                    refused.incrementAndGet();
                }
            });
        }
        producer.flush();
        if (refused.get() > 0) {
            throw new IllegalStateException("the broker did not take " + refused + " dead jobs");
        }
    }

    int bytesOfOne() {
        return error(0).length;
    }

    private byte[] error(int number) {
        JobEvent job = events.next(JobShape.of(type(number)).withParamsBytes(bytes));
        int status = STATUSES[number % STATUSES.length];
        ObjectNode error = json.createObjectNode();
        error.put("$schema", "/error/0.0.3");
        error.putObject("meta").put("id", "error-" + number).put("stream", "cpjobqueue.error");
        error.put("emitter_id", "cpjobqueue#low_traffic_jobs")
                .put("raw_event", job.bytes().toString())
                .put("message", "The runner answered " + status);
        error.putObject("details").put("status", status).put("body", "no such parameter");
        return error.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
