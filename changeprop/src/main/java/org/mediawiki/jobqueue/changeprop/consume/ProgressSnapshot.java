package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.runner.Time;

/** What the lane owns and how far it has been polled, for others than the poll thread to see: what lies behind is backlog. */
final class ProgressSnapshot {

    /** Who looks does so every few seconds; copying thousands of partitions each turn would be for nobody. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final Assignment assignment;
    private final RevokedSlots revokedSlots;
    private final Unreadable unreadable;
    private final Time time;
    private long lastNanos;

    /** Written by the poll thread, as a whole; read by anybody. */
    private volatile Map<TopicPartition, Long> positions = Map.of();

    /** Written by the poll thread; read by anybody. */
    private volatile Holdings holdings = Holdings.NONE;

    ProgressSnapshot(
            Supplier<? extends Consumer<?, ?>> consumer,
            Assignment assignment,
            RevokedSlots revokedSlots,
            Unreadable unreadable,
            Time time) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.revokedSlots = revokedSlots;
        this.unreadable = unreadable;
        this.time = time;
        this.lastNanos = time.nanos() - INTERVAL.toNanos();
    }

    /** Publishes how it stands, if the time has come. Poll thread only. */
    void publishIfDue() {
        if (time.nanos() - lastNanos >= INTERVAL.toNanos()) {
            publish();
        }
    }

    /** Publishes how it stands: what is published last stays to be seen for as long as the process lives. Poll thread only. */
    void publish() {
        lastNanos = time.nanos();
        Map<TopicPartition, Long> now = new HashMap<>();
        assignment.forEach((partition, ledger) -> now.put(partition, ledger.position()));
        positions = Map.copyOf(now);
        holdings = Holdings.of(consumer.get(), assignment, revokedSlots, unreadable);
    }

    /** The offset of the next record to be polled of each owned partition, as it was a second ago at most. Any thread. */
    Map<TopicPartition, Long> positions() {
        return positions;
    }

    /** What is owned, as it was a second ago at most. Any thread. */
    Holdings holdings() {
        return holdings;
    }
}
