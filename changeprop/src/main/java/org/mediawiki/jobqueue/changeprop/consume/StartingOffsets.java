package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a group begins on its very first start (SPEC section 3): where the legacy group of the job type stood, else as
 * {@code kafka.first_start} says. That is committed once, before anybody joins; whatever has no commit later is a topic
 * that appeared later, and begins at its first record. Blocks; called on the poll thread.
 */
public final class StartingOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(StartingOffsets.class);

    private final Admin admin;
    private final Topics topics;
    private final UnaryOperator<String> ruleOf;
    private final boolean latest;

    /**
     * @param ruleOf the legacy rule of a job type: its group is {@code <service>-<rule>}
     * @param latest whether what no legacy group knows begins at its end rather than at its beginning
     */
    public StartingOffsets(Admin admin, Topics topics, UnaryOperator<String> ruleOf, boolean latest) {
        this.admin = admin;
        this.topics = topics;
        this.ruleOf = ruleOf;
        this.latest = latest;
    }

    /**
     * Commits where {@code group} begins, unless it has begun before.
     *
     * @throws KafkaException where the brokers cannot be asked
     */
    public void settle(String group, Pattern topicPattern) {
        if (!committed(group).isEmpty()) {
            return;
        }
        Set<TopicPartition> partitions = partitions(topicPattern);
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        if (latest) {
            start.putAll(ends(partitions));
        }
        start.putAll(legacy(partitions));
        if (start.isEmpty()) {
            return;
        }
        commit(group, start);
    }

    private void commit(String group, Map<TopicPartition, OffsetAndMetadata> start) {
        try {
            Answers.await(admin.alterConsumerGroupOffsets(group, start).all());
            LOG.info("First start of group {}: {} partitions begin where they were told to", group, start.size());
        } catch (UnknownMemberIdException e) {
            LOG.info("Group {} has members already, who settled where it begins", group);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> legacy(Set<TopicPartition> partitions) {
        Map<String, Set<TopicPartition>> byRule =
                partitions.stream().collect(Collectors.groupingBy(this::ruleOf, Collectors.toSet()));
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        byRule.forEach((rule, ofRule) -> committed(topics.legacyGroup(rule)).forEach((partition, offset) -> {
            if (ofRule.contains(partition)) {
                // The legacy service's metadata means nothing here.
                found.put(partition, new OffsetAndMetadata(offset.offset()));
            }
        }));
        return found;
    }

    private String ruleOf(TopicPartition partition) {
        return ruleOf.apply(topics.parse(partition.topic()).orElseThrow().type());
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(
                Answers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()));
        offsets.values().removeIf(Objects::isNull);
        return offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        Answers.await(admin.listOffsets(wanted).all())
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
        return ends;
    }

    private Set<TopicPartition> partitions(Pattern topicPattern) {
        Set<String> names = Answers.await(admin.listTopics().names()).stream()
                .filter(name -> topicPattern.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
        return Answers.await(admin.describeTopics(names).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }
}
