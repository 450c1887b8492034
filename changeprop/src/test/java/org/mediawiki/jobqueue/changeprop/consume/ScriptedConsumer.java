package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's own mock, which besides fails when it is told to and answers commits later. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {

    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> broker = new HashMap<>();
    private final Deque<RuntimeException> commitFailures = new ArrayDeque<>();
    private final Deque<RuntimeException> committedFailures = new ArrayDeque<>();
    private final Deque<Runnable> heldAnswers = new ArrayDeque<>();
    private final List<String> subscriptions = new ArrayList<>();
    private boolean holdAnswers;

    ScriptedConsumer() {
        super("earliest");
    }

    /** Every commit that was sent, whatever became of it. */
    List<Map<TopicPartition, OffsetAndMetadata>> commits() {
        return commits;
    }

    /** The patterns that were subscribed to, in order. */
    List<String> subscriptions() {
        return subscriptions;
    }

    @Override
    public synchronized void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        subscriptions.add(pattern.pattern());
        super.subscribe(pattern, listener);
    }

    void failCommitsWith(RuntimeException... failures) {
        commitFailures.addAll(List.of(failures));
    }

    void failCommittedWith(RuntimeException... failures) {
        committedFailures.addAll(List.of(failures));
    }

    /** The answers to asynchronous commits wait for {@link #answerCommit}. */
    void holdAnswers() {
        holdAnswers = true;
    }

    void answerCommit() {
        heldAnswers.remove().run();
    }

    /** What stands on the broker, as if an earlier owner had committed it. */
    void alreadyCommitted(TopicPartition partition, long offset, String metadata) {
        arrived(Map.of(partition, new OffsetAndMetadata(offset, metadata)), null);
    }

    void addRecords(TopicPartition partition, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            addRecord(
                    new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[0], new byte[10]));
        }
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        commits.add(offsets);
        RuntimeException failure = commitFailures.poll();
        Runnable answer = () -> {
            if (failure == null) {
                arrived(offsets, callback);
            } else {
                callback.onComplete(offsets, failure);
            }
        };
        if (holdAnswers) {
            heldAnswers.add(answer);
        } else {
            answer.run();
        }
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        commits.add(offsets);
        throwFirst(commitFailures);
        arrived(offsets, null);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throwFirst(committedFailures);
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(broker);
        found.keySet().retainAll(partitions);
        return found;
    }

    private void arrived(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
        broker.putAll(offsets);
        super.commitAsync(offsets, callback);
    }

    private static void throwFirst(Deque<RuntimeException> failures) {
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }
}
