package org.mediawiki.jobqueue.changeprop.offsets;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.protocol.Errors;

/** Consumer groups as brokers know them, of which no member owns anything. */
public final class FakeGroups {

    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
    private final Set<String> subscribed = new HashSet<>();
    private Optional<KafkaException> refusal = Optional.empty();
    private int deletions;

    /** {@code group} has committed it. */
    public void commit(String group, TopicPartition partition, OffsetAndMetadata offset) {
        committed.computeIfAbsent(group, ignored -> new HashMap<>()).put(partition, offset);
    }

    /** What {@code group} has committed. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return committed.getOrDefault(group, Map.of());
    }

    /** Some member of each group subscribes to {@code topic}. */
    public void subscribe(String topic) {
        subscribed.add(topic);
    }

    /** Nothing may be deleted. */
    public void refuseDeletions(KafkaException why) {
        refusal = Optional.of(why);
    }

    /** How many requests there were to delete something. */
    public int deletions() {
        return deletions;
    }

    /** A client that answers what {@link GroupOffsets} asks about groups, and nothing else. */
    public Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "describeConsumerGroups" -> describe((Collection<?>) arguments[0]);
                        case "listConsumerGroupOffsets" -> list(((Map<?, ?>) arguments[0]).keySet());
                        case "deleteConsumerGroupOffsets" -> delete((String) arguments[0], (Set<?>) arguments[1]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static DescribeConsumerGroupsResult describe(Collection<?> groups) {
        return new DescribeConsumerGroupsResult(groups.stream()
                .collect(Collectors.toMap(
                        String.class::cast,
                        group -> failed(new GroupIdNotFoundException(group + " has no members here")))));
    }

    private ListConsumerGroupOffsetsResult list(Set<?> groups) {
        return answer(
                ListConsumerGroupOffsetsResult.class,
                groups.stream()
                        .map(String.class::cast)
                        .collect(Collectors.toMap(
                                CoordinatorKey::byGroupId,
                                group -> KafkaFuture.completedFuture(Map.copyOf(committed(group))))));
    }

    private DeleteConsumerGroupOffsetsResult delete(String group, Set<?> asked) {
        deletions++;
        Set<TopicPartition> partitions =
                asked.stream().map(TopicPartition.class::cast).collect(Collectors.toSet());
        return answer(
                DeleteConsumerGroupOffsetsResult.class,
                refusal.map(FakeGroups::<Map<TopicPartition, Errors>>failed)
                        .orElseGet(() -> KafkaFuture.completedFuture(partitions.stream()
                                .collect(Collectors.toMap(
                                        Function.identity(), partition -> deleted(group, partition))))),
                partitions);
    }

    private Errors deleted(String group, TopicPartition partition) {
        if (subscribed.contains(partition.topic())) {
            return Errors.GROUP_SUBSCRIBED_TO_TOPIC;
        }
        committed.getOrDefault(group, new HashMap<>()).remove(partition);
        return Errors.NONE;
    }

    private static <T> KafkaFuture<T> failed(KafkaException why) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        return answer;
    }

    /** The client keeps to itself how its answers are made. */
    private static <T> T answer(Class<T> type, Object... parts) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(parts));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Kafka makes its answers otherwise by now", e);
        }
    }
}
