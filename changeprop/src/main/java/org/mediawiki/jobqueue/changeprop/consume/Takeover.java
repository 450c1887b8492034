package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
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
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that are ours but whose last owner's commit, or what it still runs of them, is not known yet. They stay paused
 * until it is, however often the brokers fail to tell: a record without a ledger would be lost. Poll thread only.
 *
 * <pre>
 *   ours ─▶ no other lane has it ─▶ what was said of it by then is read ─▶ its offset ─▶ it begins
 *    ▲               │                                                        │
 *    └───── 1 s ◀────┘ one still has it                                       │
 *    └───── 1 s ◀─────────────────────────────────────────────────────────────┘ it has no leader
 * </pre>
 */
final class Takeover {

    /**
     * In one turn of the loop: while it waits here nothing else is done, and jobs end meanwhile. The answer may take far
     * longer, for the group's coordinator answers nothing else of ours while a rebalance waits for its slowest member;
     * the client goes on with a question that it has asked already.
     */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    /** For the positions of all that have no commit, which are asked for at once. */
    private static final Duration POSITIONS_PATIENCE = Duration.ofMillis(100);

    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Other lanes' groups are asked with more patience than all else, and what ends meanwhile is committed late. */
    private static final Duration INTERVAL_IN_VAIN = Duration.ofSeconds(5);

    private static final Duration LONG = Duration.ofSeconds(10);

    /**
     * Whoever was dropped by the group may not have been dropped alone. The others hear of it with their next
     * heartbeats, twice a second, and say only then what they still run.
     */
    private static final Duration LOST_PAUSE = Duration.ofSeconds(1);

    /** A topic that has just been made, or a busy broker, takes a try or two. */
    private static final int LEADERLESS_AFTER = 4;

    /** A shorter run is read and passed over one by one: a seek throws away what has been fetched. */
    static final long WORTH_A_SEEK = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final PredecessorOffsets predecessorOffsets;
    private final Assignment assignment;
    private final InheritedJobs inheritedJobs;
    private final Time time;
    private final Set<TopicPartition> pending = new HashSet<>();

    /**
     * Those of them that no other lane has any more, and of which it was asked what was said. Others are looked for only when
     * these have had their turn, so that whoever leaves late does not keep them waiting.
     */
    private final Set<TopicPartition> free = new HashSet<>();

    /** Those of which nobody could tell where they begin, and how often. */
    private final Map<TopicPartition, Integer> leaderless = new HashMap<>();

    private Optional<Long> lostNanos = Optional.empty();
    private long notBeforeNanos;
    private long begunNanos;
    private boolean takesLong;

    Takeover(
            Supplier<? extends Consumer<?, ?>> consumer,
            PredecessorOffsets predecessorOffsets,
            Assignment assignment,
            InheritedJobs inheritedJobs,
            Time time) {
        this.consumer = consumer;
        this.predecessorOffsets = predecessorOffsets;
        this.assignment = assignment;
        this.inheritedJobs = inheritedJobs;
        this.time = time;
    }

    /** They are ours from here on. */
    void begin(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        pending.addAll(partitions);
        consumer.get().pause(partitions);
        notBeforeNanos = time.nanos() + pauseNanos();
        begunNanos = time.nanos();
        takesLong = false;
    }

    /** They are not ours any more, and nobody has asked. */
    void lost(Collection<TopicPartition> partitions) {
        forget(partitions);
        lostNanos = Optional.of(time.nanos());
    }

    /** They are not ours any more. */
    void forget(Collection<TopicPartition> partitions) {
        pending.removeAll(partitions);
        free.removeAll(partitions);
        leaderless.keySet().removeAll(partitions);
        inheritedJobs.forget(partitions);
    }

    /** Whether some wait to be taken over. */
    boolean isPending() {
        return !pending.isEmpty();
    }

    /**
     * Opens a ledger for each where its last owner's commit left it; does nothing where none is pending, nor where another
     * lane's group does not answer: that concerns nothing but those that are pending.
     *
     * @throws KafkaException where the brokers do not tell how far this group has come; call again later
     */
    void complete() {
        if (pending.isEmpty()) {
            return;
        }
        // A rebalance in between may have lost the pause.
        consumer.get().pause(pending);
        if (free.isEmpty() && time.nanos() - notBeforeNanos >= 0) {
            committed(pending).ifPresent(this::settle);
        }
        if (!free.isEmpty() && inheritedJobs.isAnswered()) {
            committed(free).ifPresent(this::takeOver);
        }
    }

    /** Long runs that an earlier owner finished are stepped over rather than read. */
    void skipFinishedRuns() {
        assignment.forEachTakenOver((partition, ledger) -> ledger.seekTo(WORTH_A_SEEK)
                .ifPresent(end -> {
                    LOG.info("Stepping over {} finished records of {}", end - ledger.position(), partition);
                    consumer.get().seek(partition, end);
                    ledger.moveTo(end);
                }));
    }

    /** Finds out which are free, and asks what was said of those. */
    private void settle(Map<TopicPartition, OffsetAndMetadata> committed) {
        free.addAll(freeOf(committed));
        if (!free.isEmpty()) {
            // Not before: a lane says at the very last what it still runs, and may have left a moment ago.
            inheritedJobs.ask();
        }
    }

    private void takeOver(Map<TopicPartition, OffsetAndMetadata> committed) {
        List<TopicPartition> ready = List.copyOf(free);
        free.clear();
        int before = pending.size();
        long positionsNanos = time.nanos() + POSITIONS_PATIENCE.toNanos();
        for (TopicPartition partition : ready) {
            start(partition, committed.get(partition), positionsNanos).ifPresent(start -> {
                inheritedJobs.expect(partition, assignment.add(partition, start));
                pending.remove(partition);
                leaderless.remove(partition);
                consumer.get().resume(Set.of(partition));
            });
        }
        if (pending.size() < before) {
            LOG.info("Owning {} partitions", assignment.size());
        }
    }

    /** What is left of the pause after a loss. */
    private long pauseNanos() {
        return lostNanos
                .map(lost -> Math.max(0, LOST_PAUSE.toNanos() - (time.nanos() - lost)))
                .orElse(0L);
    }

    /** Those that no other lane has any more; what its group has left is in {@code committed} then. */
    private Set<TopicPartition> freeOf(Map<TopicPartition, OffsetAndMetadata> committed) {
        Duration interval = INTERVAL;
        try {
            Set<TopicPartition> found = new HashSet<>(pending);
            found.removeAll(predecessorOffsets.settle(committed, pending, inherited -> {
                consumer.get().commitSync(inherited, COMMIT_PATIENCE);
                committed.putAll(inherited);
            }));
            return found;
        } catch (FencedInstanceIdException | InterruptException | WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn(
                    "{} partitions wait: it cannot be told what other lanes have left of them, which is asked again in {}",
                    pending.size(),
                    INTERVAL_IN_VAIN,
                    e);
            interval = INTERVAL_IN_VAIN;
            return Set.of();
        } finally {
            // From here: the answer may take as long as the interval.
            notBeforeNanos = time.nanos() + interval.toNanos();
        }
    }

    /** What the group has committed of {@code partitions}; empty where its coordinator has not answered yet. */
    private Optional<Map<TopicPartition, OffsetAndMetadata>> committed(Set<TopicPartition> partitions) {
        try {
            // A copy: the client keeps it, to know by it whether it has asked already.
            Set<TopicPartition> asked = new HashSet<>(partitions);
            return Optional.of(new HashMap<>(consumer.get().committed(asked, PATIENCE)));
        } catch (TimeoutException e) {
            if (!takesLong && time.nanos() - begunNanos >= LONG.toNanos()) {
                takesLong = true;
                LOG.warn(
                        "{} partitions wait: the brokers do not tell where their last owners stood; others go on",
                        pending.size());
            }
            return Optional.empty();
        }
    }

    /** Without a commit it begins where {@code auto.offset.reset} says, which the position tells. */
    private Optional<OffsetAndMetadata> start(
            TopicPartition partition, @Nullable OffsetAndMetadata committed, long deadlineNanos) {
        if (committed != null) {
            consumer.get().seek(partition, committed.offset());
            return Optional.of(committed);
        }
        try {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - time.nanos()));
            return Optional.of(new OffsetAndMetadata(consumer.get().position(partition, left)));
        } catch (TimeoutException e) {
            if (leaderless.merge(partition, 1, Integer::sum) == LEADERLESS_AFTER) {
                LOG.warn(
                        "{} has no leader, it seems, and is taken over when it has; the others do not wait", partition);
            }
            return Optional.empty();
        }
    }
}
