package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.runner.Time;

/**
 * What stands in Kafka and has not been polled. The consumer does not know: of a paused partition it hears nothing. So
 * the brokers are asked, when somebody wants to know. Any thread.
 */
final class Backlog {

    /** The brokers are asked once in so long at most, however many look. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Who looks is not kept waiting for longer: a scrape should come back, also while the brokers are away. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Context context;
    private final Admin admin;
    private final Time time;

    /** What the brokers said last. */
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private long lastNanos;

    Backlog(Context context, Admin admin, Time time) {
        this.context = context;
        this.admin = admin;
        this.time = time;
        this.lastNanos = time.nanos() - INTERVAL.toNanos();
    }

    /**
     * How many records of each partition lie at or behind its position; never fails. Where the brokers do not answer,
     * by what they said before; a partition of which they have said nothing is absent.
     */
    Future<Map<TopicPartition, Long>> unpolled(Map<TopicPartition, Long> positions) {
        if (positions.isEmpty() || !mayAsk()) {
            return Future.succeededFuture(behind(positions));
        }
        return ask(positions.keySet()).transform(answered -> Future.succeededFuture(behind(positions)));
    }

    private synchronized boolean mayAsk() {
        if (time.nanos() - lastNanos < INTERVAL.toNanos()) {
            return false;
        }
        lastNanos = time.nanos();
        return true;
    }

    private Future<Void> ask(Set<TopicPartition> partitions) {
        ends.keySet().retainAll(partitions);
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        // As the consumer reads: what a transaction holds back is not there yet.
        ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        ListOffsetsResult answer = admin.listOffsets(latest, options.timeoutMs((int) PATIENCE.toMillis()));
        // Each by itself: one partition without a leader is no reason to know nothing of the others.
        CompletableFuture<?>[] answers = partitions.stream()
                .map(partition -> answer.partitionResult(partition)
                        .toCompletionStage()
                        .thenAccept(end -> ends.put(partition, end.offset()))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return Future.fromCompletionStage(CompletableFuture.allOf(answers), context)
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Map<TopicPartition, Long> behind(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> unpolled = new HashMap<>();
        positions.forEach((partition, position) -> {
            Long end = ends.get(partition);
            if (end != null) {
                unpolled.put(partition, Math.max(0, end - position));
            }
        });
        return unpolled;
    }
}
