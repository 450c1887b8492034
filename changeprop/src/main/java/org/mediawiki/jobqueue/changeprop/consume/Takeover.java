package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that are ours but whose last owner's commit is not known yet. They stay paused until it is, however often
 * the brokers fail to tell: a record without a ledger would be lost. Poll thread only.
 */
final class Takeover {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final Consumer<?, ?> consumer;
    private final Assignment assignment;
    private final Set<TopicPartition> pending = new HashSet<>();

    Takeover(Consumer<?, ?> consumer, Assignment assignment) {
        this.consumer = consumer;
        this.assignment = assignment;
    }

    /** They are ours from here on. */
    void begin(Collection<TopicPartition> partitions) {
        pending.addAll(partitions);
        consumer.pause(partitions);
    }

    /** They are not ours any more. */
    void forget(Collection<TopicPartition> partitions) {
        pending.removeAll(partitions);
    }

    /**
     * Opens a ledger for each where its last owner's commit left it; does nothing where none is pending.
     *
     * @throws org.apache.kafka.common.KafkaException where the brokers do not tell; call again later
     */
    void complete() {
        if (pending.isEmpty()) {
            return;
        }
        // A rebalance in between may have lost the pause.
        consumer.pause(pending);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(pending, PATIENCE);
        for (TopicPartition partition : Set.copyOf(pending)) {
            assignment.add(partition, start(partition, committed.get(partition)));
            pending.remove(partition);
            consumer.resume(Set.of(partition));
        }
        LOG.info("Owning {} partitions", assignment.size());
    }

    /** Without a commit it begins where {@code auto.offset.reset} says, which the position tells. */
    private OffsetAndMetadata start(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return new OffsetAndMetadata(consumer.position(partition, PATIENCE));
        }
        consumer.seek(partition, committed.offset());
        return committed;
    }
}
