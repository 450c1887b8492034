package org.mediawiki.jobqueue.changeprop.offsets;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * Which consumer groups of the legacy service read a topic. Pure.
 *
 * <p>It has a group for each rule: {@code <service>-<rule>}, which reads the rule's topics and their retry topics. The
 * rule is called like the job type, or {@code low_traffic_jobs}. A type that it partitions has two:
 * {@code <type>_partitioner} reads the main topic and copies it to the partitioned one, which {@code <type>} reads.
 */
public final class LegacyGroups {

    private static final String PARTITIONER = "_partitioner";

    private final Topics topics;
    private final String lowTraffic;
    private final UnaryOperator<String> ruleOf;

    /**
     * @param lowTraffic the rule of the job types that have none of their own
     * @param ruleOf the rule of a job type, as our configuration has it; the legacy one may have had another
     */
    public LegacyGroups(Topics topics, String lowTraffic, UnaryOperator<String> ruleOf) {
        this.topics = topics;
        this.lowTraffic = lowTraffic;
        this.ruleOf = ruleOf;
    }

    /** An offset and the group that committed it. */
    public record Found(String group, long offset) {}

    /** All that may have read the topic, whatever the configuration was then. */
    public Set<String> candidates(String topic) {
        JobTopic parsed = parse(topic);
        Set<String> groups = new LinkedHashSet<>();
        groups.add(home(topic));
        groups.add(topics.legacyGroup(parsed.type()));
        if (!parsed.kind().isPartitioned()) {
            groups.add(topics.legacyGroup(parsed.type() + PARTITIONER));
            groups.add(topics.legacyGroup(lowTraffic));
        }
        return groups;
    }

    /** {@link #candidates} of all of these. */
    public Set<String> candidates(Collection<TopicPartition> partitions) {
        Set<String> groups = new LinkedHashSet<>();
        partitions.stream().map(TopicPartition::topic).distinct().forEach(topic -> groups.addAll(candidates(topic)));
        return groups;
    }

    /**
     * How far any of them has come, which is how far the legacy service has: a group that has lost the topic to another
     * one stands still.
     *
     * @param committed what each group has committed
     */
    public Optional<Found> farthest(
            TopicPartition partition, Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
        Optional<Found> farthest = Optional.empty();
        for (String group : candidates(partition.topic())) {
            OffsetAndMetadata offset = committed.getOrDefault(group, Map.of()).get(partition);
            if (offset != null && farthest.stream().noneMatch(found -> found.offset() >= offset.offset())) {
                farthest = Optional.of(new Found(group, offset.offset()));
            }
        }
        return farthest;
    }

    /** Who must be told that the legacy service may go on there: who read it before, and who does by our rules. */
    public Set<String> heirs(TopicPartition partition, Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
        Set<String> groups = new LinkedHashSet<>();
        groups.add(home(partition.topic()));
        for (String group : candidates(partition.topic())) {
            if (committed.getOrDefault(group, Map.of()).containsKey(partition)) {
                groups.add(group);
            }
        }
        return groups;
    }

    private String home(String topic) {
        return topics.legacyGroup(ruleOf.apply(parse(topic).type()));
    }

    private JobTopic parse(String topic) {
        return topics.parse(topic).orElseThrow(() -> new IllegalArgumentException(topic + " holds no jobs"));
    }
}
