package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.kafka.ReaderThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads the end of the error topic into the index, and looks now and then what Kafka has let go. The
 * topic is made by whoever writes to it; until then there are no dead jobs.
 */
final class Tail implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(2);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final int SIDES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Supplier<String> incarnations;
    private final DeadJobIndex index;
    private final Marks marks;
    private final LongSupplier nanos;
    private final ReaderThread thread;

    /** By {@link #nanos}, and not by the number of polls: those return at once while jobs die. Of the tail's thread. */
    private long nextLook;

    /** Written by the tail's thread; empty until the topic is there. */
    private volatile String topicId = "";

    /** Where reading stood when it began: until then the index is not complete. Written by the tail's thread. */
    private volatile boolean caughtUp;

    private Map<TopicPartition, Long> goal = new HashMap<>();

    /**
     * @param consumer of no group; closed with this
     * @param incarnations says which topic of this name there is now; asked on the tail's thread, may block, and throws a
     *     {@link KafkaException} where there is none
     * @param nanos since an arbitrary origin; monotonic
     */
    Tail(
            String topic,
            Consumer<byte[], byte[]> consumer,
            Supplier<String> incarnations,
            DeadJobIndex index,
            Marks marks,
            LongSupplier nanos) {
        this.topic = topic;
        this.consumer = consumer;
        this.incarnations = incarnations;
        this.index = index;
        this.marks = marks;
        this.nanos = nanos;
        this.nextLook = nanos.getAsLong();
        this.thread =
                new ReaderThread("dead-tail", consumer, BACKOFF, CLOSE_PATIENCE.multipliedBy(SIDES), new Reading());
    }

    void start() {
        thread.start();
    }

    /** Which error topic this is; empty while there is none. */
    String topicId() {
        return topicId;
    }

    /** Whether all was read that was there at the start. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        thread.close();
    }

    private final class Reading implements ReaderThread.Work {

        @Override
        public void turn() {
            if (nanos.getAsLong() - nextLook >= 0) {
                look();
                nextLook = nanos.getAsLong() + TIDY_EVERY.toNanos();
            }
            consumer.poll(POLL).forEach(record -> index.add(ErrorRecord.listed(record)));
            caughtUp = caughtUp
                    || goal.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }

        @Override
        public void failed(Throwable why, boolean first) {
            nextLook = nanos.getAsLong();
            if (first && !(why instanceof UnknownTopicOrPartitionException)) {
                LOG.warn("Dead jobs cannot be read and are tried again until they can: {}", why.toString());
            }
        }

        @Override
        public void recovered() {
            LOG.debug("Dead jobs can be read");
        }
    }

    /** Finds the topic, another one of its name included, and lets go of what is no longer there. */
    private void look() {
        String found = incarnations.get();
        Set<TopicPartition> all = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
        if (all.isEmpty()) {
            // What a broker answers that has not heard of it yet, also where another one just has described it.
            throw new UnknownTopicOrPartitionException(topic + " has no partitions yet");
        }
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
        if (!found.equals(topicId)) {
            index.forget(id -> true);
        }
        if (!found.equals(topicId) || !consumer.assignment().equals(all)) {
            begin(all, begins);
            topicId = found;
        }
        index.forget(id -> isGone(id, begins));
        marks.tidy(found, id -> isGone(id, begins));
    }

    private void begin(Set<TopicPartition> all, Map<TopicPartition, Long> begins) {
        // Asked first: where this fails, the next look must find that it has not begun.
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        consumer.assign(all);
        long each = Math.max(1, index.capacity() / Math.max(1, all.size()));
        for (TopicPartition partition : all) {
            long begin = begins.getOrDefault(partition, 0L);
            long from = Math.max(begin, ends.getOrDefault(partition, 0L) - each);
            consumer.seek(partition, from);
            if (from > begin) {
                index.beganLate();
            }
        }
        goal = ends;
    }

    /** A topic loses no partitions: one that is not known was added, and the client has not heard of it yet. */
    private boolean isGone(DeadJobId id, Map<TopicPartition, Long> begins) {
        Long begin = begins.get(new TopicPartition(topic, id.partition()));
        return begin != null && id.offset() < begin;
    }
}
