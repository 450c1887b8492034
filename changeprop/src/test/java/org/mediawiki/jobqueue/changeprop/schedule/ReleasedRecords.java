package org.mediawiki.jobqueue.changeprop.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** What a reader of committed records sees, and when it sees it. */
final class ReleasedRecords implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Seen> seen = new ArrayList<>();
    private final Set<String> positions = new HashSet<>();

    record Seen(ConsumerRecord<byte[], byte[]> record, Instant at) {

        String text() {
            return new String(record.value(), StandardCharsets.UTF_8);
        }
    }

    ReleasedRecords(String bootstrapServers, Pattern topics) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", "reader-" + topics.hashCode(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest",
                        "metadata.max.age.ms", "500",
                        "max.partition.fetch.bytes", "8388608"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(topics);
    }

    /** Everything that was seen, once there is as much. */
    List<Seen> await(int count) {
        return await(count, PATIENCE);
    }

    List<Seen> await(int count, Duration patience) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(patience)
                .until(() -> {
                    look(Duration.ofMillis(20));
                    return seen.size() >= count;
                });
        return List.copyOf(seen);
    }

    /** Everything that was seen, after nothing more has come for a while. */
    List<Seen> settled(Duration quiet) {
        look(quiet);
        int before;
        do {
            before = seen.size();
            look(quiet);
        } while (seen.size() > before);
        return List.copyOf(seen);
    }

    private void look(Duration atMost) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
            // After a rebalance the reader itself reads again what it has read.
            if (positions.add(record.topic() + "-" + record.partition() + "-" + record.offset())) {
                seen.add(new Seen(record, Instant.now()));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
