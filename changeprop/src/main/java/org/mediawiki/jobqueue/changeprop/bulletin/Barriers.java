package org.mediawiki.jobqueue.changeprop.bulletin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Who waits until everything is told that was in the topic when they asked. Asked for on any thread, opened on the
 * reading one.
 *
 * <p>The ends are asked for by another client than the one that reads: its questions would wait behind its own fetch,
 * which waits for records.
 */
final class Barriers {

    private static final Duration POSITION_PATIENCE = Duration.ofMillis(100);

    /**
     * For the ends, before whoever leads the partitions by then is asked. Hand-overs wait for ten seconds. A question
     * beside the first would go to the same leader: the client looks for another one only where a question has failed.
     */
    private static final int FIRST_PATIENCE_MILLIS = 3_000;

    /** Afterwards: a broker that is but slow must have time for an answer. */
    private static final int NEXT_PATIENCE_MILLIS = 6_000;

    private final Admin admin;
    private final Consumer<?, ?> consumer;
    private final Queue<Barrier> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Barriers(Admin admin, Consumer<?, ?> consumer) {
        this.admin = admin;
        this.consumer = consumer;
    }

    private static final class Barrier {

        private final CompletableFuture<Void> passed = new CompletableFuture<>();
        private boolean asked;

        /** Written by the admin client's thread, read by the reading one. */
        private volatile @Nullable Map<TopicPartition, ListOffsetsResultInfo> ends;

        /** Written by the admin client's thread, which knows no answer; read by the reading one, which asks again. */
        private volatile boolean unanswered;
    }

    CompletableFuture<Void> add() {
        Barrier barrier = new Barrier();
        waiting.add(barrier);
        if (closed) {
            // Whoever comes while close() goes through the queue may be missed there.
            close();
        }
        return barrier.passed;
    }

    /** Whether nobody waits. Any thread. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Lets those pass who may. Everything that was polled has been told. */
    void open() {
        for (Iterator<Barrier> each = waiting.iterator(); each.hasNext(); ) {
            Barrier barrier = each.next();
            if (barrier.passed.isDone()) {
                // Its owner has lost patience.
                each.remove();
            } else if (!barrier.asked || barrier.unanswered) {
                ask(barrier);
            } else if (isReached(barrier.ends)) {
                each.remove();
                barrier.passed.complete(null);
            }
        }
    }

    void close() {
        closed = true;
        for (Barrier barrier = waiting.poll(); barrier != null; barrier = waiting.poll()) {
            barrier.passed.completeExceptionally(new KafkaException("the bulletin is closed"));
        }
    }

    private void ask(Barrier barrier) {
        int patienceMillis = barrier.asked ? NEXT_PATIENCE_MILLIS : FIRST_PATIENCE_MILLIS;
        barrier.asked = true;
        barrier.unanswered = false;
        ListOffsetsOptions options = new ListOffsetsOptions().timeoutMs(patienceMillis);
        var unused = admin.listOffsets(latest(consumer.assignment()), options)
                .all()
                .whenComplete((ends, failure) -> {
                    barrier.ends = ends;
                    barrier.unanswered = failure != null;
                });
    }

    private boolean isReached(@Nullable Map<TopicPartition, ListOffsetsResultInfo> ends) {
        return ends != null
                && ends.entrySet().stream()
                        .allMatch(end -> isRead(end.getKey(), end.getValue().offset()));
    }

    private boolean isRead(TopicPartition partition, long end) {
        try {
            return consumer.position(partition, POSITION_PATIENCE) >= end;
        } catch (TimeoutException e) {
            // It has not begun to read.
            return false;
        }
    }

    private static Map<TopicPartition, OffsetSpec> latest(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        return wanted;
    }
}
