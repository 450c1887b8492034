package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * {@link #INTERVAL} or {@link #WIDE_INTERVAL} later at the earliest (SPEC guarantee 2 allows 100 ms). What the group accepts
 * renews the {@link Lease}; where nothing changes, something is committed again for that alone. What is {@link Forbidden} is left
 * out, and tried by itself. Poll thread only.
 */
final class Committer {

    /** Shorter costs this process and its brokers more for the same promise; longer has no room for their answer in it. */
    static final Duration INTERVAL = Duration.ofMillis(50);

    /** For a commit of many partitions, each of which is a record that brokers write and replicate. */
    static final Duration WIDE_INTERVAL = Duration.ofMillis(60);

    static final int WIDE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final Assignment assignment;
    private final Lease lease;
    private final Forbidden forbidden;
    private final Time time;

    /** Whose commit waits for its answer; empty where none does. */
    private Set<TopicPartition> onTheirWay = Set.of();

    private boolean inTrouble;
    private long lastNanos;
    private int lastWidth;

    /** Counts what was committed for the lease alone: one partition after the other, as one may be of a deleted topic. */
    private int renewals;

    private int maxMetadataChars = CommitMetadata.DEFAULT_MAX_CHARS;

    /** {@code consumer} is that of the moment. */
    Committer(
            Supplier<? extends Consumer<?, ?>> consumer,
            Assignment assignment,
            Lease lease,
            Forbidden forbidden,
            Time time) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.lease = lease;
        this.forbidden = forbidden;
        this.time = time;
        this.lastNanos = time.nanos() - INTERVAL.toNanos();
    }

    /** Sends a commit if there is something to commit and the time has come. */
    void commitIfDue() {
        if (nanosUntilDue() <= 0) {
            commit();
        }
    }

    /** How long what waits to be committed has to wait yet, {@code longest} at most; so long for the last commit's answer. */
    Duration untilNext(Duration longest) {
        return onTheirWay.isEmpty()
                ? Duration.ofNanos(Math.max(0, Math.min(nanosUntilDue(), longest.toNanos())))
                : longest;
    }

    private long nanosUntilDue() {
        Duration interval = lastWidth < WIDE ? INTERVAL : WIDE_INTERVAL;
        return interval.toNanos() - (time.nanos() - lastNanos);
    }

    /** Sends a commit if there is something to commit or to try, or the lease is due, and none is on its way. */
    void commit() {
        if (!onTheirWay.isEmpty()) {
            return;
        }
        if (assignment.size() == 0) {
            return;
        }
        Optional<TopicPartition> trial = forbidden.takeTrial();
        if (trial.isPresent()) {
            send(oneOf(trial.get()), UncommittedEndings.NONE);
            return;
        }
        boolean isDue = lease.isDue();
        // All in one may fail for one of them, for as long as there is something to commit of it.
        Map<TopicPartition, OffsetAndMetadata> offsets = isDue && inTrouble ? Map.of() : changes();
        if (!offsets.isEmpty()) {
            send(offsets, assignment.uncommittedEndings().mark());
        } else if (isDue) {
            send(oneOfAll(), UncommittedEndings.NONE);
        }
    }

    /** Nothing where there are no {@code offsets}; {@code mark} is how much of what has ended is said by them. */
    private void send(Map<TopicPartition, OffsetAndMetadata> offsets, long mark) {
        if (offsets.isEmpty()) {
            return;
        }
        long sentNanos = time.nanos();
        onTheirWay = offsets.keySet();
        lastNanos = sentNanos;
        lastWidth = offsets.size();
        try {
            // The callback runs on this thread, in a later poll; a partition that was revoked in between is gone by
            // then.
            consumer.get().commitAsync(offsets, (committed, failure) -> {
                onTheirWay = Set.of();
                if (failure != null) {
                    failed(offsets.keySet(), failure);
                } else {
                    lease.renew(sentNanos);
                    succeeded(offsets, mark);
                }
            });
        } catch (KafkaException e) {
            // It was not sent, so nothing will be heard of it.
            onTheirWay = Set.of();
            failed(offsets.keySet(), e);
        }
    }

    /** Waits for the answer to what is on its way, {@code patience} at most: for when nothing can be polled. */
    void awaitAnswer(Duration patience) {
        if (onTheirWay.isEmpty()) {
            return;
        }
        try {
            // Without offsets it sends nothing, and returns when the answers to asynchronous commits were told
            // (KAFKA-14384).
            consumer.get().commitSync(Map.of(), patience);
        } catch (KafkaException e) {
            LOG.debug("No answer to a commit within {}", patience, e);
        }
    }

    /** The consumer that was asked is closed: whatever is on its way, nothing more will be heard of it. */
    void expectNoAnswer() {
        onTheirWay = Set.of();
    }

    /** Whether something waits to be committed that may be, or for the answer to a commit. */
    boolean isBehind() {
        return !onTheirWay.isEmpty() || assignment.hasChanged(partition -> !forbidden.has(partition));
    }

    /** Whether something of these waits to be committed, or for the answer to a commit. */
    boolean isBehind(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .anyMatch(partition -> assignment.hasChanged(partition)
                        || (onTheirWay.contains(partition) && assignment.owns(partition)));
    }

    /** As {@link #isBehind(Collection)}, for something that may be committed: waiting helps. */
    boolean mayCatchUp(Collection<TopicPartition> partitions) {
        return isBehind(partitions.stream()
                .filter(partition -> !forbidden.has(partition))
                .toList());
    }

    /** Where the ledgers stand of which that is not known to be committed; what has ended of others is told. */
    private Map<TopicPartition, OffsetAndMetadata> changes() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Set<TopicPartition> leftOut = new HashSet<>();
        assignment.forEachChanged((partition, ledger) -> {
            if (forbidden.has(partition)) {
                leftOut.add(partition);
            } else {
                take(partition, ledger, offsets);
            }
        });
        if (!leftOut.isEmpty()) {
            // Or it would be taken for said when this commit arrives.
            var unused = assignment.tellEnds(leftOut);
        }
        return offsets;
    }

    /** Where one of the ledgers stands, whether that has changed or not; none where none may be committed. */
    private Map<TopicPartition, OffsetAndMetadata> oneOfAll() {
        List<TopicPartition> all = new ArrayList<>();
        assignment.forEach((partition, ledger) -> {
            if (!forbidden.has(partition)) {
                all.add(partition);
            }
        });
        return all.isEmpty() ? Map.of() : oneOf(all.get(Math.floorMod(renewals++, all.size())));
    }

    private Map<TopicPartition, OffsetAndMetadata> oneOf(TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        assignment.ledgerOf(partition).ifPresent(ledger -> take(partition, ledger, offsets));
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

    private void succeeded(Map<TopicPartition, OffsetAndMetadata> offsets, long mark) {
        forbidden.committed(offsets.keySet());
        offsets.forEach(assignment::committed);
        assignment.uncommittedEndings().committed(mark);
        if (inTrouble) {
            LOG.info("Commits succeed again");
            inTrouble = false;
        }
    }

    private void failed(Collection<TopicPartition> partitions, Exception failure) {
        if (failure instanceof OffsetMetadataTooLarge) {
            maxMetadataChars /= 2;
            LOG.warn("The brokers take less metadata than is usual; using {} characters from now on", maxMetadataChars);
        } else if (failure instanceof RebalanceInProgressException) {
            LOG.debug("A commit came in the middle of a rebalance and is sent again");
            assignment.uncommittedEndings().commitsHeldUp();
            lease.keep();
        } else if (forbidden.commitFailed(failure)) {
            LOG.debug("A commit is sent again without what may not be committed");
        } else if (!inTrouble) {
            LOG.warn("Commits fail and are sent again until they succeed: {}", failure.toString());
            inTrouble = true;
        }
        assignment.commitFailed(partitions);
    }
}
