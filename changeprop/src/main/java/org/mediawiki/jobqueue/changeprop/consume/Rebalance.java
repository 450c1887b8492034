package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes partitions over where their last owner's commit left them, and gives them up with everything finished
 * committed. Called by the consumer within a poll, so on the poll thread.
 */
final class Rebalance implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(Rebalance.class);

    private final Consumer<?, ?> consumer;
    private final Assignment assignment;
    private final Committer committer;
    private final RecordHandler handler;
    private final Time time;
    private final Duration drainTimeout;
    /** Assigned, but the brokers could not say yet where they stand. */
    private final Set<TopicPartition> unclaimed = new HashSet<>();

    private boolean joined;

    Rebalance(
            Consumer<?, ?> consumer,
            Assignment assignment,
            Committer committer,
            RecordHandler handler,
            Time time,
            Duration drainTimeout) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.committer = committer;
        this.handler = handler;
        this.time = time;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        unclaimed.addAll(partitions);
        claim();
    }

    /**
     * Takes over what is assigned and has no ledger yet. Called before every poll as well: a partition whose takeover
     * failed would otherwise be polled without a ledger, its records dropped, until the next restart.
     *
     * @throws KafkaException where the brokers do not say where the partitions stand; to be tried again
     */
    void claim() {
        if (unclaimed.isEmpty()) {
            return;
        }
        Set<TopicPartition> wanted = Set.copyOf(unclaimed);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(wanted);
        for (TopicPartition partition : wanted) {
            OffsetAndMetadata offset = committed.get(partition);
            // Without a commit it begins where auto.offset.reset says, which the position tells.
            assignment.add(partition, offset != null ? offset : new OffsetAndMetadata(consumer.position(partition)));
            unclaimed.remove(partition);
        }
        LOG.info("Took over {} partitions, now owning {}", wanted.size(), assignment.size());
    }

    /** Drains up to the timeout; heartbeats go on meanwhile, on the client's own thread. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        unclaimed.removeAll(partitions);
        handler.release(partitions);
        int open = drain(partitions);
        if (open > 0) {
            LOG.warn("Gave up partitions with {} jobs still running after {}; they will run again", open, drainTimeout);
        }
        committer.commitNow(drainTimeout);
        partitions.forEach(assignment::remove);
        LOG.info("Gave up {} partitions, still owning {}", partitions.size(), assignment.size());
    }

    /** They belong to somebody else already, so a commit would be refused. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        unclaimed.removeAll(partitions);
        handler.release(partitions);
        partitions.forEach(assignment::remove);
        LOG.warn("Lost {} partitions; what was in flight will run again elsewhere", partitions.size());
    }

    /** Whether the group has given this member a share, if an empty one, at least once. */
    boolean hasJoined() {
        return joined;
    }

    private int drain(Collection<TopicPartition> partitions) {
        long deadline = time.nanos() + drainTimeout.toNanos();
        try {
            for (long left = drainTimeout.toNanos();
                    left > 0 && assignment.openSlots(partitions) > 0;
                    left = deadline - time.nanos()) {
                assignment.awaitAndSettleClosed(Duration.ofNanos(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return assignment.openSlots(partitions);
    }
}
