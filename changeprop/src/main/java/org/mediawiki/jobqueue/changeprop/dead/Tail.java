package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads the end of the error topic into the index, and looks now and then what Kafka has let go. The
 * topic is made by whoever writes to it; until then there are no dead jobs.
 */
final class Tail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BACKOFF = Duration.ofSeconds(2);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final int SIDES = 2;

    /** Of a larger record only what surrounds the job is read: 4 MiB in a heap of 256 MB, 16 MiB in one of 1 GB. */
    private static final int MOST_BYTES =
            (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 64);

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final DeadJobIndex index;
    private final int capacity;
    private final Marks marks;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long turnsUntilTidy;
    private boolean inTrouble;

    /** Written by the tail's thread; empty until the topic is there. */
    private volatile String topicId = "";

    /** Where reading stood when it began: until then the index is not complete. Written by the tail's thread. */
    private volatile boolean caughtUp;

    private Map<TopicPartition, Long> goal = new HashMap<>();

    Tail(String topic, Consumer<byte[], byte[]> consumer, Admin admin, DeadJobIndex index, int capacity, Marks marks) {
        this.topic = topic;
        this.consumer = consumer;
        this.admin = admin;
        this.index = index;
        this.capacity = capacity;
        this.marks = marks;
        this.thread = new Thread(this::run, "dead-tail");
        thread.setDaemon(true);
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
        stop.countDown();
        if (thread.getState() == Thread.State.NEW) {
            consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
            return;
        }
        try {
            thread.join(CLOSE_PATIENCE.multipliedBy(SIDES).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (stop.getCount() > 0) {
                turn();
            }
        } catch (InterruptException e) {
            LOG.debug("Reading {} was interrupted", topic, e);
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
        }
    }

    private void turn() {
        try {
            if (turnsUntilTidy-- <= 0) {
                look();
                turnsUntilTidy = TIDY_EVERY.dividedBy(POLL);
            }
            consumer.poll(POLL).forEach(record -> index.add(ErrorRecord.listed(record, MOST_BYTES)));
            caughtUp = caughtUp
                    || goal.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            inTrouble = false;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            backOff(e);
        }
    }

    /** Finds the topic, another one of its name included, and lets go of what is no longer there. */
    private void look() {
        String found = Answers.await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .map(description -> description.topicId().toString())
                .findFirst()
                .orElseThrow();
        Set<TopicPartition> all = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
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
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        long each = Math.max(1, capacity / Math.max(1, all.size()));
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

    private boolean isGone(DeadJobId id, Map<TopicPartition, Long> begins) {
        Long begin = begins.get(new TopicPartition(topic, id.partition()));
        return begin == null || id.offset() < begin;
    }

    private void backOff(KafkaException e) {
        turnsUntilTidy = 0;
        if (!inTrouble && !(e instanceof UnknownTopicOrPartitionException)) {
            LOG.warn("Dead jobs cannot be read and are tried again until they can: {}", e.toString());
        }
        inTrouble = true;
        try {
            boolean unused = stop.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }
}
