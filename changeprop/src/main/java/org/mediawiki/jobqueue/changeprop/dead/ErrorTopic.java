package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;

/** The error topic, read on demand through one consumer. Blocks; on one thread. */
final class ErrorTopic implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** A record that is not there any more, or a broker that does not answer, ends the wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;

    /** {@code consumer} is of no group; closed with this. */
    ErrorTopic(String topic, Consumer<byte[], byte[]> consumer) {
        this.topic = topic;
        this.consumer = consumer;
    }

    /** The id of the topic that there is now. Blocks; throws a {@link KafkaException} where there is none. */
    static String incarnation(String topic, Admin admin) {
        return Answers.await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .map(description -> description.topicId().toString())
                .findFirst()
                .orElseThrow();
    }

    /** Where to read from, and where to stop, in each partition; a partition that is done is left out. */
    record Stretch(Map<Integer, Long> from, Map<Integer, Long> to) {

        boolean isEmpty() {
            return from.isEmpty();
        }
    }

    /** Everything from {@code since} on that is there now. */
    Stretch since(Optional<Instant> since) {
        List<TopicPartition> all = partitions();
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
        Map<TopicPartition, OffsetAndTimestamp> later = since.isEmpty()
                ? Map.of()
                : consumer.offsetsForTimes(all.stream()
                        .collect(Collectors.toMap(p -> p, p -> since.get().toEpochMilli())));
        Map<Integer, Long> from = new TreeMap<>();
        Map<Integer, Long> to = new TreeMap<>();
        for (TopicPartition partition : all) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp first = later.get(partition);
            long begin = since.isEmpty() ? begins.getOrDefault(partition, 0L) : first == null ? end : first.offset();
            if (begin < end) {
                from.put(partition.partition(), begin);
                to.put(partition.partition(), end);
            }
        }
        return new Stretch(from, to);
    }

    /**
     * Reads on until {@code each} says no, or the stretch ends.
     *
     * @param each is told of every record, and says whether to go on
     * @return what is left of it
     */
    Stretch read(Stretch stretch, Predicate<ConsumerRecord<byte[], byte[]>> each) {
        Map<Integer, Long> from = new TreeMap<>(stretch.from());
        boolean goesOn = true;
        for (Map.Entry<Integer, Long> part : stretch.from().entrySet()) {
            int partition = part.getKey();
            long end = stretch.to().getOrDefault(partition, 0L);
            long position = part.getValue();
            while (goesOn && position < end) {
                List<ConsumerRecord<byte[], byte[]>> records = readFrom(partition, position);
                position = Math.max(position, reached(partition));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.offset() >= end) {
                        break;
                    }
                    goesOn = each.test(record);
                    if (!goesOn) {
                        position = record.offset() + 1;
                        break;
                    }
                }
            }
            from.put(partition, position);
        }
        from.entrySet().removeIf(part -> part.getValue() >= stretch.to().getOrDefault(part.getKey(), 0L));
        return new Stretch(from, stretch.to());
    }

    /** Empty where it is not there any more. */
    Optional<ConsumerRecord<byte[], byte[]>> find(DeadJobId id) {
        if (!isThere(id)) {
            return Optional.empty();
        }
        return readFrom(id.partition(), id.offset()).stream()
                .filter(record -> record.offset() == id.offset())
                .findFirst();
    }

    private boolean isThere(DeadJobId id) {
        TopicPartition partition = new TopicPartition(topic, id.partition());
        if (!partitions().contains(partition)) {
            return false;
        }
        List<TopicPartition> one = List.of(partition);
        return consumer.beginningOffsets(one).getOrDefault(partition, 0L) <= id.offset()
                && id.offset() < consumer.endOffsets(one).getOrDefault(partition, 0L);
    }

    /** What one fetch brings; where a transaction's marker stands in the way, nothing, though the position moves on. */
    private List<ConsumerRecord<byte[], byte[]>> readFrom(int number, long offset) {
        TopicPartition partition = new TopicPartition(topic, number);
        if (!consumer.assignment().equals(Set.of(partition))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
        } else if (consumer.position(partition) != offset) {
            consumer.seek(partition, offset);
        }
        for (long waited = 0; waited < PATIENCE.toMillis(); waited += POLL.toMillis()) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty() || consumer.position(partition) > offset) {
                return records;
            }
        }
        throw new TimeoutException(topic + " cannot be read at " + number + "-" + offset);
    }

    private long reached(int number) {
        return consumer.position(new TopicPartition(topic, number));
    }

    private List<TopicPartition> partitions() {
        Map<Integer, TopicPartition> known = new HashMap<>();
        consumer.partitionsFor(topic)
                .forEach(info -> known.put(info.partition(), new TopicPartition(topic, info.partition())));
        if (known.isEmpty()) {
            throw new KafkaException(topic + " is not there yet");
        }
        return List.copyOf(known.values());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
    }
}
