package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl.Load;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;

/**
 * Pauses and resumes partitions one by one: those that have enough open, those that are {@link Unreadable}, and all while
 * others may have them. What is paused is asked of the consumer each time, since a rebalance may lose pauses. Tells the handler
 * how much of what is blocked the room allows. Poll thread only.
 */
final class Pauses {

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final Assignment assignment;
    private final Lease lease;
    private final Unreadable unreadable;
    private final Depths depths;
    private final PollSizeGuard pollSizeGuard;
    private final LongConsumer keepBlocked;
    private long mostBlocked = Long.MAX_VALUE;
    private boolean holdsAny;

    /** {@code keepBlocked} is {@link RecordHandler#keepBlocked}. */
    Pauses(
            Supplier<? extends Consumer<?, ?>> consumer,
            Assignment assignment,
            Lease lease,
            Unreadable unreadable,
            Depths depths,
            PollSizeGuard pollSizeGuard,
            LongConsumer keepBlocked) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.lease = lease;
        this.unreadable = unreadable;
        this.depths = depths;
        this.pollSizeGuard = pollSizeGuard;
        this.keepBlocked = keepBlocked;
    }

    /** Other bounds from the next poll on. */
    void change(FlowControl next) {
        depths.change(next);
    }

    /** For the next poll, which pauses everything itself should it bring as much as may be. */
    void apply() {
        unreadable.goOn();
        Set<TopicPartition> paused = consumer.get().paused();
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        Totals totals = assignment.totals();
        Load lane = new Load(totals.openSlots(), totals.openBytes());
        boolean isOurs = !lease.hasExpired();
        assignment.forEach((partition, ledger) -> {
            boolean isPaused = paused.contains(partition);
            boolean mayPoll = isOurs
                    && unreadable.mayRead(partition)
                    && depths.mayPoll(partition, loadOf(ledger), lane, totals.active(), isPaused);
            if (isPaused && mayPoll) {
                resume.add(partition);
            } else if (!isPaused && !mayPoll) {
                pause.add(partition);
            }
        });
        consumer.get().pause(pause);
        consumer.get().resume(resume);
        holdsAny = paused.size() + pause.size() > resume.size();
        tellWhatMayBeBlocked(lane, totals.active());
        pollSizeGuard.expect(
                depths.flowControl().room(lane),
                () -> consumer.get().pause(consumer.get().assignment()));
    }

    /** Whether a partition is paused for the next poll. */
    boolean holdsAny() {
        return holdsAny;
    }

    private void tellWhatMayBeBlocked(Load lane, int active) {
        long most = depths.flowControl().mostBlocked(lane, active, mostBlocked);
        if (most != mostBlocked) {
            mostBlocked = most;
            keepBlocked.accept(most);
        }
    }

    private static Load loadOf(PartitionLedger ledger) {
        return new Load(ledger.openSlots(), ledger.openBytes());
    }
}
