package org.mediawiki.jobqueue.loadtest.dev;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;

/** How many records the service has not committed yet, as Kafka itself sees it. Blocks; one thread at a time. */
final class Backlog implements AutoCloseable {

    private final Admin admin;
    private final String group;

    Backlog(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.group = group;
    }

    /**
     * The records between the committed and the last offset of everything that the group consumes.
     *
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer
     */
    long uncommitted() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Answers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offsetOf(offset)));
        Map<TopicPartition, OffsetSpec> wanted = committed.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return Answers.await(admin.listOffsets(wanted).all()).entrySet().stream()
                .mapToLong(end -> end.getValue().offset() - committed.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }

    private static long offsetOf(@Nullable OffsetAndMetadata offset) {
        return offset == null ? 0 : offset.offset();
    }
}
