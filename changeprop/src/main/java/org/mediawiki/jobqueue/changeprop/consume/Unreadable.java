package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.SerializationException;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that cannot be read where they stand, since what their leader has there is damaged. Every poll fails then that
 * reads one of them, and brings nothing of any other; the client says which it is in words alone. So parts of what is owned are
 * read by themselves: none at first, as the failure may be for the brokers, then all, then halves of what fails. What fails alone
 * is set aside: it stays paused, the others go on, and it is tried again, for another leader may have it whole. Nothing is ever
 * stepped over: its position stays where it is. What brokers {@linkplain Forbidden forbid} to read is not looked for: they say
 * which it is. Poll thread only.
 *
 * <pre>
 *   read ──polls fail twice──▶ looked for ──fails alone──▶ aside ──RETRY_INTERVAL──▶ tried alone
 *    ▲ ▲                            │                        ▲                        │     │
 *    │ └───────does not fail────────┘                        └─────────fails──────────┘     │
 *    └──────────────────────────────────does not fail───────────────────────────────────────┘
 * </pre>
 */
final class Unreadable {

    static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

    /** How long a part is read until it is well: twice what a broker has to answer, which may wait for records first. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** One failure may be an accident, a second one within it is none. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final Assignment assignment;
    private final Forbidden forbidden;
    private final Time time;

    /** What is set aside, and when it was tried last. */
    private final Map<TopicPartition, Long> aside = new HashMap<>();

    /** What is to be read by itself, one after the other; the first of them is read now. Empty where nothing is looked for. */
    private final Deque<Set<TopicPartition>> parts = new ArrayDeque<>();

    /** Of these the client must let go of what it has fetched: it would fail again, whatever brokers have by then. */
    private Set<TopicPartition> held = Set.of();

    private long partNanos;
    private long failedNanos;

    /** {@code consumer} is that of the moment. */
    Unreadable(Supplier<? extends Consumer<?, ?>> consumer, Assignment assignment, Forbidden forbidden, Time time) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.forbidden = forbidden;
        this.time = time;
        this.failedNanos = time.nanos() - SOON.toNanos();
    }

    /** Whether the next poll may read it, as far as is known here. */
    boolean mayRead(TopicPartition partition) {
        if (forbidden.has(partition)) {
            return false;
        }
        Set<TopicPartition> part = parts.peek();
        return part == null ? !aside.containsKey(partition) : part.contains(partition);
    }

    /** How many of what is owned are set aside, for whatever reason. */
    int count() {
        return (int) aside.keySet().stream().filter(assignment::owns).count() + forbidden.count();
    }

    /**
     * A poll has failed.
     *
     * @return whether the next one reads something else because of it, and need not wait
     */
    boolean failed(KafkaException failure) {
        if (forbidden.pollFailed(failure)) {
            return true;
        }
        if (!held.isEmpty()) {
            // It was not even reading: it is no partition's fault.
            giveUp();
            return false;
        }
        if (!isAboutRecords(failure)) {
            return false;
        }
        Set<TopicPartition> part = parts.poll();
        return part == null ? lookForIt(failure) : partFailed(part, failure);
    }

    /**
     * Before each poll: goes on with what is looked for, and with what is to be tried again.
     *
     * @throws KafkaException as a poll does; call again later
     */
    void goOn() {
        aside.keySet().removeIf(partition -> !assignment.owns(partition) || forbidden.has(partition));
        if (!held.isEmpty()) {
            letGo();
        }
        if (parts.isEmpty()) {
            tryAgain();
        } else if (time.nanos() - partNanos >= PATIENCE.toNanos()) {
            isWell(parts.remove());
        }
    }

    /** What the client throws for a record has no type of its own, nor has little else; what concerns brokers has one. */
    private static boolean isAboutRecords(KafkaException failure) {
        return failure.getClass() == KafkaException.class
                || failure instanceof CorruptRecordException
                || failure instanceof SerializationException;
    }

    private boolean lookForIt(KafkaException failure) {
        long before = failedNanos;
        failedNanos = time.nanos();
        Set<TopicPartition> suspects = new HashSet<>(assignment.partitions());
        suspects.removeIf(partition -> aside.containsKey(partition) || forbidden.has(partition));
        if (failedNanos - before >= SOON.toNanos() || suspects.isEmpty()) {
            return false;
        }
        LOG.warn(
                "Polling failed again: {} partitions are read in parts, to find what cannot be read",
                suspects.size(),
                failure);
        held = assignment.partitions();
        parts.add(Set.of());
        begin(suspects);
        return true;
    }

    private boolean partFailed(Set<TopicPartition> part, KafkaException failure) {
        if (part.isEmpty()) {
            giveUp();
            return false;
        }
        held = part;
        if (part.size() == 1) {
            part.forEach(partition -> setAside(partition, failure));
        } else {
            List<TopicPartition> all = List.copyOf(part);
            int half = all.size() / 2;
            parts.addFirst(Set.copyOf(all.subList(half, all.size())));
            parts.addFirst(Set.copyOf(all.subList(0, half)));
        }
        partNanos = time.nanos();
        return true;
    }

    /** Polls fail whatever is read, so it is for the brokers. */
    private void giveUp() {
        parts.clear();
        held = Set.of();
    }

    private void setAside(TopicPartition partition, KafkaException failure) {
        assignment.ledgerOf(partition).ifPresent(ledger -> {
            aside.put(partition, time.nanos());
            LOG.error(
                    "{} cannot be read at offset {}: its jobs wait, the others go on, it is tried again in {}."
                            + " Restore a replica, or set the offset of the group behind what cannot be read",
                    partition,
                    ledger.position(),
                    RETRY_INTERVAL,
                    failure);
        });
    }

    private void isWell(Set<TopicPartition> part) {
        partNanos = time.nanos();
        for (TopicPartition partition : part) {
            if (aside.remove(partition) != null) {
                LOG.info("{} can be read again", partition);
            }
        }
    }

    private void tryAgain() {
        aside.forEach((partition, triedNanos) -> {
            if (time.nanos() - triedNanos >= RETRY_INTERVAL.toNanos()) {
                begin(Set.of(partition));
            }
        });
    }

    private void begin(Set<TopicPartition> part) {
        parts.add(part);
        partNanos = time.nanos();
    }

    /** What was fetched of a partition that waits for a position is dropped in the poll, even if it cannot be read. */
    private void letGo() {
        Set<TopicPartition> moved = new HashSet<>(held);
        moved.retainAll(consumer.get().assignment());
        moved.removeIf(partition -> !assignment.owns(partition));
        // To the client none means all.
        if (!moved.isEmpty()) {
            // Of what is paused everything is kept.
            consumer.get().resume(moved);
            consumer.get().seekToBeginning(moved);
            try {
                moved.addAll(consumer.get().poll(Duration.ZERO).nextOffsets().keySet());
            } finally {
                goBack(moved);
            }
        }
        held = Set.of();
    }

    private void goBack(Set<TopicPartition> moved) {
        moved.retainAll(consumer.get().assignment());
        assignment.seekBack(consumer.get(), moved);
    }
}
