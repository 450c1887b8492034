package org.mediawiki.jobqueue.changeprop.bulletin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.kafka.ReaderThread;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topic from its beginning, on a thread of its own, and never stops reading. */
final class BulletinReader {

    static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    /** How long a barrier may wait, after all was read, to be looked at. */
    private static final Duration POLL = Duration.ofMillis(50);

    /** While nobody waits: records end a poll at once, and whoever waits or stops it does. */
    private static final Duration IDLE_POLL = Duration.ofSeconds(5);

    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(BulletinReader.class);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final OwnTopics ownTopics;
    private final Bulletin.Listener listener;
    private final Barriers barriers;
    private final ReaderThread thread;
    private boolean assigned;

    BulletinReader(
            String topic,
            Consumer<byte[], byte[]> consumer,
            Admin admin,
            OwnTopics ownTopics,
            Bulletin.Listener listener) {
        this.topic = topic;
        this.consumer = consumer;
        this.ownTopics = ownTopics;
        this.listener = listener;
        this.barriers = new Barriers(admin, consumer);
        this.thread =
                new ReaderThread("bulletin-" + topic, consumer, BACKOFF, CLOSE_PATIENCE.multipliedBy(3), new Reading());
    }

    void start() {
        thread.start();
    }

    CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> passed = barriers.add();
        consumer.wakeup();
        return passed;
    }

    void close() {
        thread.close();
    }

    private final class Reading implements ReaderThread.Work {

        @Override
        public void turn() {
            if (!assigned) {
                begin();
            }
            consumer.poll(barriers.isEmpty() ? IDLE_POLL : POLL).forEach(BulletinReader.this::tell);
            barriers.open();
        }

        @Override
        public void failed(Throwable why, boolean first) {
            if (first) {
                LOG.warn("Topic {} cannot be read and is tried again until it can: {}", topic, why.toString());
            }
            if (why instanceof UnknownTopicOrPartitionException) {
                ownTopics.forget(topic);
            }
        }

        @Override
        public void recovered() {
            LOG.info("Topic {} can be read again", topic);
        }

        @Override
        public void leave() {
            barriers.close();
        }
    }

    /** One partition is what it is created with; somebody may have created it with more. */
    private void begin() {
        ownTopics.ensure(topic);
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException(topic + " has no partitions yet");
        }
        Set<TopicPartition> all = partitions.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
        consumer.assign(all);
        consumer.seekToBeginning(all);
        assigned = true;
    }

    /** A listener that throws is a bug, but one that must not make us deaf, nor to what was polled together. */
    private void tell(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        try {
            listener.told(
                    new String(record.key(), StandardCharsets.UTF_8),
                    record.value(),
                    Instant.ofEpochMilli(record.timestamp()));
        } catch (RuntimeException | Error e) {
            LOG.error("A record of {} was taken in a way that it should not: this is a bug", topic, e);
        }
    }
}
