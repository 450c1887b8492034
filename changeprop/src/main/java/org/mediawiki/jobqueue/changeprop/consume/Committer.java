package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what the ledgers say, soon after they change: one commit is on its way at a time, and the next follows
 * {@link #INTERVAL} later at the earliest (SPEC guarantee 2 allows 100 ms). Poll thread only.
 */
final class Committer {

    /** Shorter commits more often for the same loss of work after a crash; longer loses more. */
    static final Duration INTERVAL = Duration.ofMillis(25);

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final Assignment assignment;
    private final Time time;
    private boolean onItsWay;
    private boolean inTrouble;
    private long lastNanos;
    private int maxMetadataChars = CommitMetadata.DEFAULT_MAX_CHARS;

    /** {@code consumer} is that of the moment. */
    Committer(Supplier<? extends Consumer<?, ?>> consumer, Assignment assignment, Time time) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.time = time;
        this.lastNanos = time.nanos() - INTERVAL.toNanos();
    }

    /** Sends a commit if there is something to commit and the time has come. */
    void commitIfDue() {
        if (onItsWay || time.nanos() - lastNanos < INTERVAL.toNanos()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = changes();
        if (offsets.isEmpty()) {
            return;
        }
        onItsWay = true;
        lastNanos = time.nanos();
        assignment.ends().commitTaken();
        // The callback runs on this thread, in a later poll; a partition that was revoked in between is gone by then.
        consumer.get().commitAsync(offsets, (committed, failure) -> {
            onItsWay = false;
            if (failure != null) {
                failed(offsets.keySet(), failure);
            } else {
                succeeded(offsets);
            }
        });
    }

    /**
     * Commits and waits for the answer, for {@code patience} at most: the last chance before partitions go to somebody
     * else. So what is on its way is said again, since the client does not repeat an asynchronous commit that fails.
     *
     * @return whether everything is committed
     */
    boolean commitNow(Duration patience) {
        return commitNow(changes(), patience);
    }

    /**
     * Asks the group, by a commit of where everything stands, whether we belong to it still.
     *
     * @return whether it said so within {@code patience}; true where nothing is owned
     */
    boolean confirm(Duration patience) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        assignment.forEach((partition, ledger) -> take(partition, ledger, offsets));
        return commitNow(offsets, patience);
    }

    private boolean commitNow(Map<TopicPartition, OffsetAndMetadata> offsets, Duration patience) {
        if (offsets.isEmpty()) {
            return true;
        }
        assignment.ends().commitTaken();
        try {
            consumer.get().commitSync(offsets, patience);
            succeeded(offsets);
            return true;
        } catch (OffsetMetadataTooLarge e) {
            boolean lessIsPossible = maxMetadataChars > 0;
            failed(offsets.keySet(), e);
            return lessIsPossible && commitNow(patience);
        } catch (KafkaException e) {
            failed(offsets.keySet(), e);
            return false;
        }
    }

    /** The consumer that was asked is closed: whatever is on its way, nothing more will be heard of it. */
    void expectNoAnswer() {
        onItsWay = false;
    }

    /** Whether something waits to be committed, or for the answer to a commit. */
    boolean isBehind() {
        boolean[] behind = {onItsWay};
        assignment.forEach((partition, ledger) -> behind[0] |= ledger.hasChanged());
        return behind[0];
    }

    /** Where the ledgers stand of which that is not known to be committed. */
    private Map<TopicPartition, OffsetAndMetadata> changes() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        assignment.forEach((partition, ledger) -> {
            if (ledger.hasChanged() || onItsWay) {
                take(partition, ledger, offsets);
            }
        });
        return offsets;
    }

    private void take(
            TopicPartition partition, PartitionLedger ledger, Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.put(partition, offsetOf(ledger));
        ledger.commitTaken();
    }

    private OffsetAndMetadata offsetOf(PartitionLedger ledger) {
        long offset = ledger.committable();
        String metadata = CommitMetadata.encode(offset, ledger.finishedAbove(), maxMetadataChars);
        return new OffsetAndMetadata(offset, metadata);
    }

    private void succeeded(Map<TopicPartition, OffsetAndMetadata> offsets) {
        assignment.ends().commitArrived();
        offsets.forEach((partition, offset) -> assignment.committed(partition, offset.offset()));
        if (inTrouble) {
            LOG.info("Commits succeed again");
            inTrouble = false;
        }
    }

    private void failed(Collection<TopicPartition> partitions, Exception failure) {
        assignment.ends().commitFailed();
        if (failure instanceof OffsetMetadataTooLarge) {
            maxMetadataChars /= 2;
            LOG.warn("The brokers take less metadata than is usual; using {} characters from now on", maxMetadataChars);
        } else if (failure instanceof RebalanceInProgressException) {
            LOG.debug("A commit came in the middle of a rebalance and is sent again");
            assignment.ends().commitsHeldUp();
        } else if (!inTrouble) {
            LOG.warn("Commits fail and are sent again until they succeed: {}", failure.toString());
            inTrouble = true;
        }
        assignment.forEach((partition, ledger) -> {
            if (partitions.contains(partition)) {
                ledger.commitFailed();
            }
        });
    }
}
