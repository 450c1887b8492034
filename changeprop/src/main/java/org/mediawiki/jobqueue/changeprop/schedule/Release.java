package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;

/**
 * What is written: these bytes to that partition.
 *
 * @param partition taken modulo the topic's partitions
 */
record Release(String topic, int partition, Buffer payload) {

    static final Serializer<Release> PAYLOAD =
            (topic, release) -> release.payload().getBytes();
    static final TopicNameExtractor<Object, Release> TOPIC = (key, release, context) -> release.topic();
    static final StreamPartitioner<Object, Release> PARTITION =
            (topic, key, release, partitions) -> Optional.of(Set.of(release.partition() % partitions));

    static Release of(StoredEvent event) {
        return new Release(event.topic(), event.partition(), event.payload());
    }

    static Release of(OutboundEvent event) {
        return new Release(event.topic(), event.partition(), event.value());
    }

    /** The headers of a released event, which tell its reader why it has waited and until when. */
    static Map<String, String> headers(StoreKey key, Reason reason) {
        return Map.of(
                ScheduledRecord.REASON,
                reason.name(),
                ScheduledRecord.DUE,
                Instant.ofEpochMilli(key.dueMillis()).toString());
    }
}
