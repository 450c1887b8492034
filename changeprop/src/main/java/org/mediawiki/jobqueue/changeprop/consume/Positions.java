package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.runner.Time;

/** How far each owned partition has been polled, for others than the poll thread to see: what lies behind is backlog. */
final class Positions {

    /** Who looks does so every few seconds; copying thousands of partitions each turn would be for nobody. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Assignment assignment;
    private final Time time;
    private long lastNanos;

    /** Written by the poll thread, as a whole; read by anybody. */
    private volatile Map<TopicPartition, Long> published = Map.of();

    Positions(Assignment assignment, Time time) {
        this.assignment = assignment;
        this.time = time;
        this.lastNanos = time.nanos() - INTERVAL.toNanos();
    }

    /** Shows how far it has come, if the time has come. Poll thread only. */
    void publishIfDue() {
        if (time.nanos() - lastNanos < INTERVAL.toNanos()) {
            return;
        }
        lastNanos = time.nanos();
        Map<TopicPartition, Long> now = new HashMap<>();
        assignment.forEach((partition, ledger) -> now.put(partition, ledger.position()));
        published = Map.copyOf(now);
    }

    /** The offset of the next record to be polled of each owned partition, as it was a second ago at most. Any thread. */
    Map<TopicPartition, Long> published() {
        return published;
    }
}
