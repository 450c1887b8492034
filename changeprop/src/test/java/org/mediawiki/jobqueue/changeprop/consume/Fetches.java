package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What a consumer reads: where it stands in each partition, and what it has of each without the brokers. */
final class Fetches {

    /** What one poll brings at the most. */
    private static final int MOST = 4;

    private final ModelInstance instance;
    private final Set<TopicPartition> owned = new TreeSet<>(Shares.ORDER);
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> kept = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    Fetches(ModelInstance instance) {
        this.instance = instance;
    }

    /** What may be read, in order. */
    Set<TopicPartition> owned() {
        Set<TopicPartition> copy = new TreeSet<>(Shares.ORDER);
        copy.addAll(owned);
        return copy;
    }

    void add(Collection<TopicPartition> partitions) {
        owned.addAll(partitions);
    }

    /** What comes again is neither paused nor known. */
    void remove(Collection<TopicPartition> partitions) {
        owned.removeAll(partitions);
        paused.removeAll(partitions);
        positions.keySet().removeAll(partitions);
        kept.keySet().removeAll(partitions);
    }

    boolean hasSome() {
        return owned.stream().anyMatch(partition -> end(partition) > position(partition));
    }

    ConsumerRecords<byte[], byte[]> take() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        int left = MOST;
        for (TopicPartition partition : owned) {
            long from = position(partition);
            long to = Math.min(end(partition), from + left);
            if (to > from) {
                left -= (int) (to - from);
                List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
                for (long offset = from; offset < to; offset++) {
                    some.add(new ConsumerRecord<>(
                            partition.topic(), partition.partition(), offset, new byte[0], new byte[10]));
                }
                records.put(partition, some);
                positions.put(partition, to);
                next.put(partition, new OffsetAndMetadata(to));
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    /** The brokers are gone: some of what is there has been fetched already. */
    void keepSome() {
        kept.clear();
        for (TopicPartition partition : owned) {
            long some = position(partition) + instance.world().noise("kept of " + partition, 6);
            kept.put(partition, Math.min(some, instance.log().end(partition)));
        }
    }

    long begin(TopicPartition partition) {
        return positions.computeIfAbsent(partition, ignored -> 0L);
    }

    void seek(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    Set<TopicPartition> paused() {
        return new HashSet<>(paused);
    }

    /** Where nobody has said where to begin, Kafka begins where the group stands. */
    private long position(TopicPartition partition) {
        return positions.getOrDefault(partition, instance.group().committed(partition));
    }

    private long end(TopicPartition partition) {
        if (paused.contains(partition)) {
            return 0;
        }
        return instance.ways().isCutOff()
                ? kept.getOrDefault(partition, 0L)
                : instance.log().end(partition);
    }
}
