package org.mediawiki.jobqueue.changeprop.consume;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Whoever may have read a partition before this member's group did. Called on the poll thread; may block. */
@FunctionalInterface
public interface PredecessorOffsets {

    /**
     * Takes over how far others have come.
     *
     * @param own what this member's group has committed of {@code taken}
     * @param taken partitions that this member owns now
     * @param commit commits for this member's group, and returns when that is done
     * @return which of them another has not given up yet: nothing of those may begin; ask again later
     * @throws org.apache.kafka.common.KafkaException where the brokers do not answer; nothing may begin
     */
    Set<TopicPartition> settle(
            Map<TopicPartition, OffsetAndMetadata> own,
            Set<TopicPartition> taken,
            Consumer<Map<TopicPartition, OffsetAndMetadata>> commit);
}
