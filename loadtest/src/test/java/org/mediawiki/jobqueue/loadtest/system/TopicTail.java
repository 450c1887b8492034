package org.mediawiki.jobqueue.loadtest.system;

import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything in the first partition of a topic, read as far as a question needs it. Used by one thread. */
final class TopicTail implements AutoCloseable {

    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    TopicTail(String bootstrapServers, String topic) {
        this.partition = new TopicPartition(topic, 0);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "allow.auto.create.topics",
                        false,
                        "fetch.max.wait.ms",
                        20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** The first record that {@code wanted} accepts, waited for. */
    ConsumerRecord<byte[], byte[]> first(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return await().atMost(TestBed.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            read(Duration.ofMillis(25));
                            return records.stream().filter(wanted).findFirst();
                        },
                        found -> found.isPresent())
                .orElseThrow();
    }

    /** The event in the first record that holds {@code text}, waited for. */
    JsonObject eventWith(String text) {
        return json(first(record -> text(record).contains(text)));
    }

    /** What the topic holds now. */
    List<ConsumerRecord<byte[], byte[]>> all() {
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        await().atMost(TestBed.PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            read(Duration.ofMillis(25));
            return consumer.position(partition) >= end;
        });
        return List.copyOf(records);
    }

    /** The events that hold {@code text} now. */
    List<JsonObject> allWith(String text) {
        return all().stream()
                .filter(record -> text(record).contains(text))
                .map(TopicTail::json)
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }

    static JsonObject json(ConsumerRecord<byte[], byte[]> record) {
        return new JsonObject(Buffer.buffer(record.value()));
    }

    static String text(ConsumerRecord<byte[], byte[]> record) {
        return Buffer.buffer(record.value()).toString();
    }

    private void read(Duration patience) {
        consumer.poll(patience).forEach(records::add);
    }
}
