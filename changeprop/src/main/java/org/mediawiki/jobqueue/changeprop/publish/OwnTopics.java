package org.mediawiki.jobqueue.changeprop.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that the service writes to where they are missing (SPEC section 3). A retry topic gets as many
 * partitions as the topic whose jobs it retries, so that a job's family stays together. Blocks; never called on a
 * context.
 */
public final class OwnTopics {

    /** An error event holds its job as an escaped string, so it may be more than twice as large as a job may be. */
    public static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    /**
     * So that whoever starts reads little: heartbeats come each second, and only what is in a closed segment is
     * compacted. Whoever was away for less than an hour hears of everything that is gone.
     */
    private static final Map<String, String> COMPACTED = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(1024 * 1024),
            TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofMinutes(10).toMillis()),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    Long.toString(Duration.ofMinutes(10).toMillis()),
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    Long.toString(Duration.ofHours(1).toMillis()));

    /** A second altogether; brokers hear of topics within some milliseconds. */
    private static final int MOST_LOOKS = 20;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(OwnTopics.class);

    private final Admin admin;
    private final Topics topics;
    private final int partitions;
    private final short replicationFactor;
    private final Set<String> present = ConcurrentHashMap.newKeySet();
    private final Set<String> created = ConcurrentHashMap.newKeySet();

    /** Questions whose answers nobody has seen yet, by topic: whoever lost patience finds the answer the next time. */
    private final Map<String, KafkaFuture<Map<String, TopicDescription>>> described = new ConcurrentHashMap<>();

    /** The same of orders to make one. */
    private final Map<String, KafkaFuture<Void>> ordered = new ConcurrentHashMap<>();

    /**
     * @param partitions of what is created here and is neither a retry topic nor read whole by every instance: of our own
     *     topics, or where the intake creates them, of those of job types
     * @param replicationFactor of every topic that is created
     */
    public OwnTopics(Admin admin, Topics topics, int partitions, short replicationFactor) {
        this.admin = admin;
        this.topics = topics;
        this.partitions = partitions;
        this.replicationFactor = replicationFactor;
    }

    /**
     * Returns when {@code topic} is there. Each answer of the brokers is waited for for 15 s.
     *
     * @throws KafkaException where the brokers cannot be asked or refuse
     */
    public void ensure(String topic) {
        ensure(topic, Answers.PATIENCE);
    }

    /**
     * As {@link #ensure(String)}, for whoever has other work: each answer is waited for for {@code patience}. One that
     * comes later is found the next time; nothing is asked again before.
     */
    void ensure(String topic, Duration patience) {
        if (!isThere(topic, patience)) {
            create(topic, patience);
            present.add(topic);
        }
    }

    /**
     * Whether {@code topic} is there; creates nothing.
     *
     * @throws KafkaException where the brokers cannot be asked
     */
    public boolean isThere(String topic) {
        // What has been answered by now, whoever asked it has not come back for.
        var unused = described.computeIfPresent(topic, (same, answer) -> answer.isDone() ? null : answer);
        return isThere(topic, Answers.PATIENCE);
    }

    private boolean isThere(String topic, Duration patience) {
        if (present.contains(topic)) {
            return true;
        }
        boolean isThere = partitionsOf(topic, patience).isPresent();
        if (isThere) {
            present.add(topic);
            ordered.keySet().remove(topic);
        }
        return isThere;
    }

    /** How many topics were missing and were created here. Any thread. */
    public int createdCount() {
        return created.size();
    }

    /** {@code topic} seems to be gone: look again next time. */
    public void forget(String topic) {
        present.remove(topic);
    }

    /** Any topic may be gone: look again for each. */
    public void forgetAll() {
        present.clear();
    }

    private void create(String topic, Duration patience) {
        int count = isCompacted(topic)
                ? 1
                : topics.retriedTopic(topic)
                        .flatMap(retried -> partitionsOf(retried, patience))
                        .orElse(partitions);
        NewTopic wanted = new NewTopic(topic, count, replicationFactor).configs(configsOf(topic));
        try {
            answerOf(ordered, topic, () -> admin.createTopics(List.of(wanted)).all(), patience);
            created.add(topic);
            LOG.info("Created topic {} with {} partitions", topic, count);
            awaitLeaders(topic, count, patience);
        } catch (TopicExistsException e) {
            LOG.debug("Topic {} was created by somebody else meanwhile", topic);
            awaitLeaders(topic, partitionsOf(topic, patience).orElse(0), patience);
        }
    }

    private Map<String, String> configsOf(String topic) {
        if (isCompacted(topic)) {
            return COMPACTED;
        }
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_EVENT_BYTES));
        if (topic.equals(topics.scheduledTopic())) {
            // What was read is deleted by the scheduler; what was not must not expire, however long it is away.
            configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
            configs.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        }
        return configs;
    }

    private boolean isCompacted(String topic) {
        return List.of(topics.fleetTopic(), topics.controlTopic(), topics.operationsTopic())
                .contains(topic);
    }

    /**
     * Only a leader knows its offsets. A write before there is one fails while those sent right behind it may succeed;
     * then the idempotent producer sees its sequence broken, and writes again what was written already. A broker may not
     * have heard of a topic that another has just made.
     */
    private void awaitLeaders(String topic, int count, Duration patience) {
        Map<TopicPartition, OffsetSpec> every = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        for (int look = 1; look < MOST_LOOKS; look++) {
            try {
                Answers.await(admin.listOffsets(every).all(), patience);
                return;
            } catch (UnknownTopicOrPartitionException e) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
        Answers.await(admin.listOffsets(every).all(), patience);
    }

    private Optional<Integer> partitionsOf(String topic, Duration patience) {
        try {
            Map<String, TopicDescription> found = answerOf(
                    described, topic, () -> admin.describeTopics(List.of(topic)).allTopicNames(), patience);
            return found.values().stream()
                    .map(description -> description.partitions().size())
                    .findFirst();
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /** Of what was asked before, where that has not been seen; else of {@code question}. */
    private static <T> T answerOf(
            Map<String, KafkaFuture<T>> asked, String topic, Supplier<KafkaFuture<T>> question, Duration patience) {
        KafkaFuture<T> answer = asked.computeIfAbsent(topic, ignored -> question.get());
        try {
            return Answers.await(answer, patience);
        } finally {
            if (answer.isDone()) {
                asked.remove(topic, answer);
            }
        }
    }
}
