package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.FinishedAbove;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions that this instance owns, each with its ledger. Poll thread only. */
final class Assignment {

    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

    private final Topics topics;
    private final ConsumptionListener listener;
    private final RevokedSlots revokedSlots;
    private final ClosedSlots closedSlots;
    private final UncommittedEndings uncommittedEndings;
    private final Map<TopicPartition, Owned> owned = new HashMap<>();
    private final Map<PartitionLedger, TopicPartition> partitions = new HashMap<>();
    private final Totals totals = new Totals();

    /** Of which an earlier owner may have finished records that lie ahead. */
    private final Map<TopicPartition, PartitionLedger> takenOver = new HashMap<>();

    Assignment(Topics topics, ConsumptionListener listener, RevokedSlots revokedSlots, Time time) {
        this.topics = topics;
        this.listener = listener;
        this.revokedSlots = revokedSlots;
        this.closedSlots = new ClosedSlots(time);
        this.uncommittedEndings = new UncommittedEndings(this::note, this::forget, time);
    }

    private record Owned(JobTopic topic, PartitionLedger ledger) {}

    /** A partition is ours from here on. */
    PartitionLedger add(TopicPartition partition, OffsetAndMetadata start) {
        JobTopic topic = topics.parse(partition.topic())
                .orElseThrow(() -> new IllegalStateException("assigned " + partition + ", which holds no jobs"));
        FinishedAbove finished = CommitMetadata.decode(start.offset(), start.metadata());
        PartitionLedger ledger = new PartitionLedger(start.offset(), finished, closedSlots, totals);
        owned.put(partition, new Owned(topic, ledger));
        partitions.put(ledger, partition);
        if (ledger.hasFinishedAhead()) {
            takenOver.put(partition, ledger);
        }
        return ledger;
    }

    /** A partition is ours no longer. What is open of it is somebody else's; slots closed later are nobody's. */
    void remove(TopicPartition partition) {
        Owned removed = owned.remove(partition);
        if (removed != null) {
            partitions.remove(removed.ledger());
            takenOver.remove(partition);
            removed.ledger().leave();
            uncommittedEndings.forget(slot -> slot.ledger() == removed.ledger());
            tellReleased(partition, removed.ledger().openSlots());
        }
    }

    /** Opens a slot for every record that has not been finished before. */
    List<PolledRecord> open(ConsumerRecords<byte[], byte[]> polled) {
        List<PolledRecord> opened = new ArrayList<>(polled.count());
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            Owned own = ownerOf(partition);
            followBack(partition, own.ledger(), records.get(0).offset());
            records.forEach(record -> open(partition, own, record, opened));
        }
        polled.nextOffsets()
                .forEach((partition, next) -> ledgerOf(partition).ifPresent(ledger -> ledger.moveTo(next.offset())));
        return opened;
    }

    /** Takes every slot off the books that has been closed since the last call. */
    void settleClosed() {
        closedSlots.drainTo(this::settle);
        uncommittedEndings.tellOverdue();
    }

    /** As {@link #settleClosed}, but waits for a slot to be closed, up to {@code patience}. */
    void awaitAndSettleClosed(Duration patience) throws InterruptedException {
        closedSlots.awaitAndDrainTo(this::settle, patience);
        uncommittedEndings.tellOverdue();
    }

    /** Every partition with its ledger. */
    void forEach(BiConsumer<TopicPartition, PartitionLedger> each) {
        owned.forEach((partition, own) -> each.accept(partition, own.ledger()));
    }

    /** Every partition of which there is something to commit. */
    void forEachChanged(BiConsumer<TopicPartition, PartitionLedger> each) {
        totals.changed().forEach(ledger -> each.accept(partitions.get(ledger), ledger));
    }

    /** Every partition of which an earlier owner may have finished records that lie ahead. */
    void forEachTakenOver(BiConsumer<TopicPartition, PartitionLedger> each) {
        takenOver.values().removeIf(ledger -> !ledger.hasFinishedAhead());
        takenOver.forEach(each);
    }

    /** Every partition with the job type that it holds. */
    void forEachType(BiConsumer<String, TopicPartition> each) {
        owned.forEach((partition, own) -> each.accept(own.topic().type(), partition));
    }

    /** A commit has arrived. */
    void committed(TopicPartition partition, OffsetAndMetadata offset) {
        ledgerOf(partition).ifPresent(ledger -> ledger.commitArrived(offset.offset(), offset.metadata()));
    }

    /** The commit of these has not arrived. */
    void commitFailed(Collection<TopicPartition> failed) {
        failed.forEach(partition -> ledgerOf(partition).ifPresent(PartitionLedger::commitFailed));
    }

    /** What has ended and is not known to be committed. */
    UncommittedEndings uncommittedEndings() {
        return uncommittedEndings;
    }

    /**
     * Tells what has ended of {@code wanted} and is not known to be committed.
     *
     * @return completes when everybody who asks will hear of it; fails where that is not known
     */
    CompletableFuture<Void> tellEnds(Collection<TopicPartition> wanted) {
        return uncommittedEndings.tell(slot -> {
            TopicPartition partition = partitions.get(slot.ledger());
            return partition != null && wanted.contains(partition);
        });
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(owned.keySet());
    }

    int size() {
        return owned.size();
    }

    boolean owns(TopicPartition partition) {
        return owned.containsKey(partition);
    }

    /** Whether there is something to commit of it. */
    boolean hasChanged(TopicPartition partition) {
        return ledgerOf(partition).filter(PartitionLedger::hasChanged).isPresent();
    }

    /** Whether there is something to commit of any that {@code wanted} accepts. */
    boolean hasChanged(Predicate<TopicPartition> wanted) {
        return totals.anyChanged(ledger -> wanted.test(partitions.get(ledger)));
    }

    /** What all partitions amount to. */
    Totals totals() {
        return totals;
    }

    /** How many slots of {@code wanted} are open. */
    int openSlots(Collection<TopicPartition> wanted) {
        return wanted.stream()
                .flatMap(partition -> ledgerOf(partition).stream())
                .mapToInt(PartitionLedger::openSlots)
                .sum();
    }

    /** Hands every slot of {@code wanted} that is open to {@code each}. */
    void forEachOpen(Collection<TopicPartition> wanted, BiConsumer<Place, Slot> each) {
        wanted.forEach(partition -> ledgerOf(partition)
                .ifPresent(ledger ->
                        ledger.forEachOpen(slot -> each.accept(new Place(partition, slot.offset()), slot))));
    }

    /** As if {@code polled} had not been read: the consumer reads it again. */
    void putBack(Consumer<?, ?> consumer, ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition partition : polled.partitions()) {
            long firstOffset = polled.records(partition).get(0).offset();
            followBack(partition, ownerOf(partition).ledger(), firstOffset);
        }
        seekBack(consumer, polled.nextOffsets().keySet());
    }

    /** Has the consumer read these again from where their ledgers stand. */
    void seekBack(Consumer<?, ?> consumer, Collection<TopicPartition> wanted) {
        wanted.forEach(
                partition -> ledgerOf(partition).ifPresent(ledger -> consumer.seek(partition, ledger.position())));
    }

    /** Empty where the partition is ours no longer: what is told of it comes late. */
    Optional<PartitionLedger> ledgerOf(TopicPartition partition) {
        return Optional.ofNullable(owned.get(partition)).map(Owned::ledger);
    }

    private Owned ownerOf(TopicPartition partition) {
        Owned own = owned.get(partition);
        if (own == null) {
            throw new IllegalStateException("polled " + partition + " before it was taken over");
        }
        return own;
    }

    /**
     * The books go back with the offsets. Those do where the log has lost its end (an unclean election; a lone broker that had
     * not written it to disk yet): the client goes on where the present log parts from what it has read (KIP-320). Or the
     * topic was created anew, and begins at 0. What was polled from there on is gone; what is open below is where it was.
     */
    private void followBack(TopicPartition partition, PartitionLedger ledger, long firstOffset) {
        if (firstOffset >= ledger.position()) {
            return;
        }
        LOG.warn(
                "The offsets of {} go back from {} to {}: its log has lost its end, or the topic was created anew",
                partition,
                ledger.position(),
                firstOffset);
        uncommittedEndings.forget(slot -> slot.ledger() == ledger && slot.offset() >= firstOffset);
        tellReleased(partition, ledger.cut(firstOffset));
    }

    private void tellReleased(TopicPartition partition, int count) {
        for (int each = 0; each < count; each++) {
            listener.settled(partition, Ending.RELEASED);
        }
    }

    private void open(
            TopicPartition partition, Owned own, ConsumerRecord<byte[], byte[]> record, List<PolledRecord> opened) {
        PartitionLedger ledger = own.ledger();
        if (ledger.wasFinished(record.offset())) {
            ledger.pass(record.offset());
            listener.passed(partition);
            return;
        }
        Slot slot = ledger.open(record.offset(), Math.max(0, record.serializedValueSize()));
        opened.add(new PolledRecord(own.topic(), record, slot));
        listener.polled(partition);
    }

    private void settle(Slot slot) {
        revokedSlots.closed(slot);
        TopicPartition partition = partitions.get(slot.ledger());
        // A slot of an earlier assignment, or of what a log has lost, says nothing about the present one: its offset
        // may be open there again.
        if (partition == null || !slot.ledger().counts(slot)) {
            return;
        }
        slot.ledger().settle(slot);
        if (slot.ending().isFinal()) {
            uncommittedEndings.ended(slot);
        }
        listener.settled(partition, slot.ending());
    }

    /** While it cannot be committed. */
    private CompletableFuture<Void> note(Slot slot) {
        TopicPartition partition = partitions.get(slot.ledger());
        return partition == null
                ? CompletableFuture.completedFuture(null)
                : revokedSlots.ended(new Place(partition, slot.offset()), slot);
    }

    /** It is committed. */
    private void forget(Slot slot) {
        TopicPartition partition = partitions.get(slot.ledger());
        if (partition != null) {
            revokedSlots.committed(new Place(partition, slot.offset()));
        }
    }
}
