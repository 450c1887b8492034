package org.mediawiki.jobqueue.changeprop.publish;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes through one Kafka producer ({@code acks=all}). Its calls may block, for metadata or for room in its buffer, so
 * they are made on a thread of their own. What is under way is bounded by the slots behind it.
 */
public final class KafkaOutbox implements Outbox {

    private static final Duration BACKOFF = Duration.ofSeconds(1);

    /** For each question about a topic that seems to be missing: all else that is to be written waits behind it. */
    private static final Duration TOPIC_PATIENCE = Duration.ofSeconds(2);

    /**
     * Where another question was not answered a moment ago: many topics may be missing at once. An answer that takes
     * longer is found when the topic has its next turn.
     */
    private static final Duration GLANCE = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutbox.class);

    private final Vertx vertx;
    private final Producer<byte[], byte[]> producer;
    private final OwnTopics ownTopics;
    private final ScheduledExecutorService thread;
    private final ProduceListener listener;
    private final AtomicBoolean inTrouble = new AtomicBoolean();

    /** Of the outbox's thread. */
    private final Unmade unmade;

    /** Is told of every event that was written. Any thread. */
    public interface ProduceListener {
        void produced(String topic, int partition);
    }

    /**
     * @param producer closed with the outbox
     * @param thread the one thread that may block; shut down with the outbox
     */
    public KafkaOutbox(
            Vertx vertx,
            Producer<byte[], byte[]> producer,
            OwnTopics ownTopics,
            ScheduledExecutorService thread,
            ProduceListener listener) {
        this(vertx, producer, ownTopics, thread, listener, Time.of(vertx));
    }

    KafkaOutbox(
            Vertx vertx,
            Producer<byte[], byte[]> producer,
            OwnTopics ownTopics,
            ScheduledExecutorService thread,
            ProduceListener listener,
            Time time) {
        this.vertx = vertx;
        this.producer = producer;
        this.ownTopics = ownTopics;
        this.thread = thread;
        this.listener = listener;
        this.unmade = new Unmade(time);
    }

    @Override
    public Future<Receipt> send(OutboundEvent event) {
        Context context = vertx.getOrCreateContext();
        Promise<Receipt> receipt = Promise.promise();
        Letter letter = new Letter(event, r -> context.runOnContext(ignored -> receipt.complete(r)));
        later(() -> post(letter), Duration.ZERO);
        return receipt.future();
    }

    @Override
    public void announce(String topic) {
        later(
                () -> {
                    try {
                        if (!unmade.has(topic)) {
                            ensure(topic);
                        }
                    } catch (KafkaException e) {
                        LOG.debug("Topic {} could not be created ahead of its first event", topic, e);
                    }
                },
                Duration.ZERO);
    }

    /** What waits for company leaves. Any thread; returns at once. */
    public void push() {
        var unused = vertx.executeBlocking(() -> {
            producer.flush();
            return null;
        });
    }

    /** Waits for what is under way, for {@code patience} at most; what is not acknowledged by then stays open. */
    public void close(Duration patience) {
        thread.shutdownNow();
        producer.close(patience);
    }

    private record Letter(OutboundEvent event, Consumer<Receipt> receipt) {}

    private void post(Letter letter) {
        OutboundEvent event = letter.event();
        if (unmade.has(event.topic())) {
            // It was told when that was tried.
            later(() -> post(letter), BACKOFF);
            return;
        }
        try {
            ensure(event.topic());
            int partitions = producer.partitionsFor(event.topic()).size();
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    event.topic(),
                    event.partition() % partitions,
                    null,
                    event.value().getBytes());
            event.headers().forEach((name, value) -> record.headers().add(name, value.getBytes()));
            var unused = producer.send(record, (metadata, failure) -> answered(letter, metadata, failure));
        } catch (RuntimeException e) {
            // Whatever it is: a letter that is dropped would keep its slot open for ever.
            failed(letter, e);
        }
    }

    private void ensure(String topic) {
        try {
            ownTopics.ensure(topic, unmade.isAnyUnanswered() ? GLANCE : TOPIC_PATIENCE);
        } catch (TimeoutException e) {
            unmade.addUnanswered(topic);
            throw e;
        } catch (KafkaException e) {
            unmade.add(topic);
            throw e;
        }
    }

    private void answered(Letter letter, RecordMetadata metadata, Exception failure) {
        if (failure != null) {
            failed(letter, failure);
            return;
        }
        if (inTrouble.compareAndSet(true, false)) {
            LOG.info("Writing succeeds again");
        }
        listener.produced(metadata.topic(), metadata.partition());
        letter.receipt().accept(Receipt.ACKNOWLEDGED);
    }

    private void failed(Letter letter, Exception failure) {
        if (failure instanceof RecordTooLargeException) {
            letter.receipt().accept(Receipt.TOO_LARGE);
            return;
        }
        // The client wraps or hides that a topic is gone; looking again costs one question.
        if (failure instanceof UnknownTopicOrPartitionException || failure instanceof TimeoutException) {
            ownTopics.forget(letter.event().topic());
        }
        if (inTrouble.compareAndSet(false, true)) {
            LOG.warn(
                    "Writing to {} fails and is tried again until it succeeds: {}",
                    letter.event().topic(),
                    failure.toString());
        }
        later(() -> post(letter), BACKOFF);
    }

    private void later(Runnable action, Duration delay) {
        try {
            var unused = thread.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("The outbox is closed; the slot behind the event stays open");
        }
    }
}
