package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Kafka's own mock, which besides fails when it is told to and answers commits later. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {

    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> broker = new HashMap<>();
    private final Deque<RuntimeException> commitFailures = new ArrayDeque<>();
    private final Deque<RuntimeException> committedFailures = new ArrayDeque<>();
    private final Deque<Runnable> heldAnswers = new ArrayDeque<>();
    private final List<String> subscriptions = new ArrayList<>();
    private final Map<TopicPartition, Long> damaged = new HashMap<>();

    /** Of which the damaged batch has been fetched: it fails for as long as it is there, whatever the broker has by then. */
    private final Set<TopicPartition> fetched = new HashSet<>();

    /** Topics that may be described, but not read. */
    private final Set<String> forbidden = new HashSet<>();

    /** Those that wait for a position. */
    private final Set<TopicPartition> unplaced = new HashSet<>();

    private boolean holdAnswers;
    private boolean neverAnswers;
    private int refusals;
    private Consumer<Duration> whileItWaits = patience -> {};
    private Consumer<Duration> whileItPolls = patience -> {};

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

    void answerNothing() {
        holdAnswers = true;
        neverAnswers = true;
    }

    void answerCommit() {
        heldAnswers.remove().run();
    }

    /** The next asynchronous commits are not even sent. */
    void refuseCommits(int times) {
        refusals = times;
    }

    /** Is told how long an answer is waited for that does not come. */
    void whileItWaits(Consumer<Duration> action) {
        whileItWaits = action;
    }

    /** Is told how long a poll was to last that brings nothing. */
    void whileItPolls(Consumer<Duration> action) {
        whileItPolls = action;
    }

    /** What was committed of {@code partition} does not become known until the brokers have been asked so often. */
    void keepCommittedFor(int questions) {
        committedFailures.addAll(Collections.nCopies(questions, new TimeoutException("a rebalance goes on")));
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

    /** What the broker has at {@code offset} fails its check: each poll fails that reads it, and brings nothing at all. */
    void damage(TopicPartition partition, long offset) {
        damaged.put(partition, offset);
    }

    /** The broker has it whole again. */
    void restore(TopicPartition partition) {
        damaged.remove(partition);
    }

    /** No poll may read it, and no commit may be of it: such a commit fails, though brokers keep what it says of others. */
    void forbid(String topic) {
        forbidden.add(topic);
    }

    void allow(String topic) {
        forbidden.remove(topic);
    }

    @Override
    public synchronized void seekToBeginning(Collection<TopicPartition> partitions) {
        assertThat(partitions).as("none means all").isNotEmpty();
        unplaced.addAll(partitions);
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        unplaced.remove(partition);
        super.seek(partition, offset);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
        if (!unplaced.isEmpty()) {
            fetched.removeIf(partition -> unplaced.contains(partition) && !paused().contains(partition));
            return ConsumerRecords.empty();
        }
        failIfItReadsWhatIsForbidden();
        failIfItReadsWhatIsDamaged();
        ConsumerRecords<byte[], byte[]> polled = super.poll(patience);
        if (polled.isEmpty()) {
            whileItPolls.accept(patience);
        }
        return polled;
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        if (refusals > 0) {
            refusals--;
            throw new GroupAuthorizationException("no");
        }
        commits.add(offsets);
        Set<String> refused = forbiddenOf(offsets.keySet());
        RuntimeException failure = refused.isEmpty() ? commitFailures.poll() : new TopicAuthorizationException(refused);
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
        if (offsets.isEmpty()) {
            awaitAnswers(timeout);
            return;
        }
        commits.add(offsets);
        throwFirst(commitFailures);
        arrived(offsets, null);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration patience) {
        if (committedFailures.peek() instanceof TimeoutException) {
            whileItWaits.accept(patience);
        }
        return committed(partitions);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throwFirst(committedFailures);
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(broker);
        found.keySet().retainAll(partitions);
        return found;
    }

    private void failIfItReadsWhatIsForbidden() {
        // Of several the client tells one after the other.
        assignment().stream()
                .filter(partition -> isRead(partition) && forbidden.contains(partition.topic()))
                .findFirst()
                .ifPresent(partition -> {
                    throw new TopicAuthorizationException(Set.of(partition.topic()));
                });
    }

    private Set<String> forbiddenOf(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(TopicPartition::topic)
                .filter(forbidden::contains)
                .collect(Collectors.toSet());
    }

    private void failIfItReadsWhatIsDamaged() {
        damaged.forEach((partition, offset) -> {
            if (isRead(partition) && position(partition) == offset) {
                fetched.add(partition);
            }
        });
        for (TopicPartition partition : fetched) {
            if (isRead(partition)) {
                throw new KafkaException("Received exception when fetching the next record from " + partition);
            }
        }
    }

    private boolean isRead(TopicPartition partition) {
        return assignment().contains(partition) && !paused().contains(partition);
    }

    /** As the client does where nothing is to be committed: the answers to what was sent before are told. */
    private void awaitAnswers(Duration patience) {
        if (neverAnswers) {
            whileItWaits.accept(patience);
            throw new TimeoutException("no answer");
        }
        while (!heldAnswers.isEmpty()) {
            answerCommit();
        }
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
