package org.mediawiki.jobqueue.changeprop.embedded;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Texts in and out of one-partition topics, by plain Kafka clients. */
final class Records {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String bootstrapServers;

    Records(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Returns when every in-sync replica has every value. */
    void produce(String topic, String... values) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "max.request.size",
                8 << 20,
                "max.block.ms",
                5000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, value)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not produced to " + topic, e);
        }
    }

    /** The topic's values from its first on, once there are as many. */
    List<String> consume(String topic, int count) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            List<String> values = new ArrayList<>();
            await().pollInSameThread().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found -> values.add(found.value()));
                return values.size() >= count;
            });
            return values;
        }
    }

    void commit(String topic, long offset) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)), PATIENCE);
        }
    }

    long committed(String topic) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            OffsetAndMetadata found =
                    consumer.committed(Set.of(partition), PATIENCE).get(partition);
            return Objects.requireNonNull(found, "no offset was committed").offset();
        }
    }

    private KafkaConsumer<String, String> consumer() {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "records", "enable.auto.commit", false);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }
}
