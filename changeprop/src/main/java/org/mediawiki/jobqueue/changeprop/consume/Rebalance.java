package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes partitions over where their last owner's commit left them, and gives them up with everything finished
 * committed. Called by the consumer within a poll, so on the poll thread.
 */
final class Rebalance implements ConsumerRebalanceListener {

    /** The group waits for it, and it is not the last resort. */
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Rebalance.class);

    private final Takeover takeover;
    private final Assignment assignment;
    private final HandOver handOver;
    private boolean joined;
    private boolean away;

    Rebalance(Takeover takeover, Assignment assignment, HandOver handOver) {
        this.takeover = takeover;
        this.assignment = assignment;
        this.handOver = handOver;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        takeover.begin(partitions);
    }

    /** Takes a second at most where Kafka is well; the group's heartbeats go on meanwhile, on the client's own thread. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty() || away) {
            return;
        }
        handOver.give(partitions, COMMIT_PATIENCE);
        takeover.forget(partitions);
        LOG.info("Gave up {} partitions, still owning {}", partitions.size(), assignment.size());
    }

    /**
     * They belong to somebody else already, or soon, so a commit would be refused. Takes two seconds at most; only then
     * the member asks to join again.
     */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (away) {
            takeover.forget(partitions);
            return;
        }
        LOG.warn("Lost {} partitions: the group goes on without this member", partitions.size());
        handOver.lose(partitions);
        takeover.lost(partitions);
    }

    /** Whether the group has given this member a share, if an empty one, at least once. */
    boolean hasJoined() {
        return joined;
    }

    /**
     * While it is: everything was handed over, and what the consumer revokes when it closes, or finds lost, needs
     * nothing more.
     */
    void away(boolean isAway) {
        away = isAway;
    }
}
