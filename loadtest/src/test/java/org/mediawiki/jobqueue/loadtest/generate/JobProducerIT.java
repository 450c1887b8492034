package org.mediawiki.jobqueue.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.brokers.Brokers;

final class JobProducerIT {

    @Test
    void producesTheVeryBytesToTheTopicOfTheirType(@TempDir Path folder) throws IOException {
        JobEvents events = new JobEvents(1, Clock.systemUTC());
        List<JobEvent> made = new ArrayList<>(events.next(20, JobShape.of("cdnPurge")));
        made.addAll(events.next(1, JobShape.of("cdnPurge").withParamsBytes(4_000_000)));
        try (Brokers kafka = Brokers.start(folder);
                JobProducer producer = new JobProducer(kafka.bootstrapServers(), "eqiad")) {
            producer.produce(made);
            producer.produceRaw("eqiad.mediawiki.job.cdnPurge", Buffer.buffer("no job"));

            List<Buffer> expected =
                    new ArrayList<>(made.stream().map(JobEvent::bytes).toList());
            expected.add(Buffer.buffer("no job"));
            assertThat(consume(kafka.bootstrapServers(), expected.size())).isEqualTo(expected);
        }
    }

    private static List<Buffer> consume(String bootstrapServers, int count) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "test", "auto.offset.reset", "earliest");
        List<Buffer> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("eqiad.mediawiki.job.cdnPurge"));
            await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found -> values.add(Buffer.buffer(found.value())));
                return values.size() >= count;
            });
        }
        return values;
    }
}
