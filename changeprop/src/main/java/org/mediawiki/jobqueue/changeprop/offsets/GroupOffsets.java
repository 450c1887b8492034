package org.mediawiki.jobqueue.changeprop.offsets;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;

/**
 * What consumer groups have committed, as an admin client asks and tells. Every method blocks, and throws a
 * {@link KafkaException} where the brokers do not answer or refuse.
 */
public final class GroupOffsets {

    private final Admin admin;
    private final Duration patience;

    /** Each question is given up after 15 s; {@code admin} stays the caller's. */
    public GroupOffsets(Admin admin) {
        this(admin, Answers.PATIENCE);
    }

    /** Each question is given up after {@code patience}; {@code admin} stays the caller's. */
    public GroupOffsets(Admin admin, Duration patience) {
        this.admin = admin;
        this.patience = patience;
    }

    /** What {@code group} has committed; nothing where there is no such group. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return committed(Set.of(group)).getOrDefault(group, Map.of());
    }

    /** What each has committed; each has an entry. */
    public Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(Collection<String> groups) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        ListConsumerGroupOffsetsResult answers = admin.listConsumerGroupOffsets(groups.stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec())));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
        for (String group : groups) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            try {
                offsets.putAll(await(answers.partitionsToOffsetAndMetadata(group)));
            } catch (GroupIdNotFoundException e) {
                // It has not committed anything.
            }
            offsets.values().removeIf(Objects::isNull);
            committed.put(group, offsets);
        }
        return committed;
    }

    /** Those of {@code groups} that have members at this moment. */
    public Set<String> withMembers(Collection<String> groups) {
        Set<String> found = new TreeSet<>();
        for (String group : groups) {
            if (!members(group).isEmpty()) {
                found.add(group);
            }
        }
        return found;
    }

    /** What the member of that name owns at this moment; nothing where there is none. */
    public Set<TopicPartition> ownedBy(String group, String member) {
        return members(group).stream()
                .filter(description ->
                        description.groupInstanceId().filter(member::equals).isPresent())
                .flatMap(description -> description.assignment().topicPartitions().stream())
                .collect(Collectors.toSet());
    }

    /** What any member of {@code group} owns at this moment. */
    public Set<TopicPartition> owned(String group) {
        return members(group).stream()
                .flatMap(description -> description.assignment().topicPartitions().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Commits for a group that has no members.
     *
     * @return whether it had none; with one, nothing was committed
     */
    public boolean commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            await(admin.alterConsumerGroupOffsets(group, offsets).all());
            return true;
        } catch (UnknownMemberIdException e) {
            return false;
        }
    }

    /**
     * Forgets what a group has committed there; one question, however many they are.
     *
     * @return of which that was not possible, since a member subscribes to their topic
     */
    public Set<TopicPartition> forget(String group, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Set.of();
        }
        DeleteConsumerGroupOffsetsResult answers = admin.deleteConsumerGroupOffsets(group, partitions);
        Set<TopicPartition> refused = new HashSet<>();
        for (TopicPartition partition : partitions) {
            try {
                await(answers.partitionResult(partition));
            } catch (GroupSubscribedToTopicException e) {
                refused.add(partition);
            } catch (GroupIdNotFoundException e) {
                // It has not committed anything.
            }
        }
        return refused;
    }

    /** The partitions of every topic that matches. */
    public Set<TopicPartition> partitions(Pattern topicPattern) {
        Set<String> names = await(admin.listTopics().names()).stream()
                .filter(name -> topicPattern.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
        return await(admin.describeTopics(names).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    /** Where each partition ends. */
    public Map<TopicPartition, OffsetAndMetadata> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        await(admin.listOffsets(wanted).all())
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
        return ends;
    }

    private Collection<MemberDescription> members(String group) {
        try {
            Map<String, ConsumerGroupDescription> groups =
                    await(admin.describeConsumerGroups(Set.of(group)).all());
            return groups.values().stream()
                    .flatMap(description -> description.members().stream())
                    .collect(Collectors.toCollection(HashSet::new));
        } catch (GroupIdNotFoundException e) {
            return Set.of();
        }
    }

    private <T> T await(KafkaFuture<T> answer) {
        return Answers.await(answer, patience);
    }
}
