package org.mediawiki.jobqueue.changeprop.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox.ProduceListener;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to Kafka, with {@code acks=all}. What is told to be safe stands on all in-sync replicas.
 *
 * <p>Topics that have taken an event before are written to by the caller, which does not wait: the posts in hand are fewer
 * bytes than the producer's buffer. One that has not may have to be created, and waits for its brokers, so that is done on
 * a thread of its own and delays no other.
 */
final class KafkaStore implements Store {

    /** That are created; a job type has one, and what asks for more is no wiki. */
    private static final int MOST_NEW_TOPICS = 2_000;

    private static final int MOST_WAITING = 1_000;
    private static final Duration AGAIN_AFTER = Duration.ofMillis(50);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaStore.class);

    private final Producer<byte[], byte[]> producer;
    private final OwnTopics topics;
    private final ProduceListener listener;
    private final int mostNewTopics;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean inTrouble = new AtomicBoolean();
    private final ScheduledExecutorService newcomers =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "intake-new-topics"));
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param producer closed with the store
     * @param topics creates the topics of job types that are new
     */
    KafkaStore(Producer<byte[], byte[]> producer, OwnTopics topics, ProduceListener listener) {
        this(producer, topics, listener, MOST_NEW_TOPICS);
    }

    /** {@code mostNewTopics} are created at the most; those that are there already are written to in any case. */
    KafkaStore(Producer<byte[], byte[]> producer, OwnTopics topics, ProduceListener listener, int mostNewTopics) {
        this.producer = producer;
        this.topics = topics;
        this.listener = listener;
        this.mostNewTopics = mostNewTopics;
    }

    @Override
    public void put(List<Examined.Good> events, BooleanSupplier wanted, Told told) {
        if (events.stream().allMatch(event -> known.contains(event.topic()))) {
            send(events, told);
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            refuse(events, 0, "too many posts wait for topics that are new", told);
        } else {
            introduceLater(events, 0, wanted, told, Duration.ZERO);
        }
    }

    /** Waits for what is under way, for 5 s at most. Blocks. */
    @Override
    public void close() {
        newcomers.shutdownNow();
        producer.close(CLOSE_PATIENCE);
    }

    private void introduceLater(
            List<Examined.Good> events, int from, BooleanSupplier wanted, Told told, Duration delay) {
        try {
            var unused = newcomers.schedule(
                    () -> introduce(events, from, wanted, told), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            waiting.decrementAndGet();
            refuse(events, from, "the service is stopping", told);
        }
    }

    /** The events from that one on. Where Kafka is not ready for one yet, it is tried again as long as it is wanted. */
    private void introduce(List<Examined.Good> events, int from, BooleanSupplier wanted, Told told) {
        for (int i = from; i < events.size(); i++) {
            String topic = events.get(i).topic();
            if (known.contains(topic)) {
                send(events.get(i), i, told);
                continue;
            }
            Introduction introduction = introduce(topic, wanted);
            if (introduction == Introduction.NOT_YET) {
                introduceLater(events, i, wanted, told, AGAIN_AFTER);
                return;
            } else if (introduction == Introduction.KNOWN) {
                send(events.get(i), i, told);
            } else {
                told.of(i, Optional.of("not written: Kafka does not take the topic " + topic));
            }
        }
        waiting.decrementAndGet();
    }

    private enum Introduction {
        KNOWN,
        NOT_YET,
        REFUSED
    }

    /** Those whose time ran out while the one before them had to wait are passed over: it would be so for each in turn. */
    private Introduction introduce(String topic, BooleanSupplier wanted) {
        if (!wanted.getAsBoolean()) {
            return Introduction.REFUSED;
        }
        try {
            if (topics.createdCount() >= mostNewTopics && !topics.isThere(topic)) {
                return Introduction.REFUSED;
            }
            topics.ensure(topic);
            known.add(topic);
            return Introduction.KNOWN;
        } catch (RetriableException e) {
            // Also right after a topic was made: not every broker has heard of it.
            LOG.debug("Topic {} is not there yet", topic, e);
            return Introduction.NOT_YET;
        } catch (RuntimeException e) {
            trouble(topic, e);
            return Introduction.REFUSED;
        }
    }

    private static void refuse(List<Examined.Good> events, int from, String why, Told told) {
        for (int i = from; i < events.size(); i++) {
            told.of(i, Optional.of("not written: " + why));
        }
    }

    private void send(List<Examined.Good> events, Told told) {
        for (int i = 0; i < events.size(); i++) {
            send(events.get(i), i, told);
        }
    }

    private void send(Examined.Good event, int index, Told told) {
        try {
            var unused = producer.send(
                    new ProducerRecord<>(event.topic(), event.value().getBytes()), (metadata, failure) -> {
                        if (failure == null) {
                            listener.produced(metadata.topic(), metadata.partition());
                            written();
                            told.of(index, Optional.empty());
                        } else {
                            failed(event.topic(), failure);
                            told.of(index, Optional.of(describe(failure)));
                        }
                    });
        } catch (RuntimeException e) {
            // Whatever it is: a post that hears nothing of an event would keep its bytes for ever.
            failed(event.topic(), e);
            told.of(index, Optional.of(describe(e)));
        }
    }

    private void written() {
        if (inTrouble.get() && inTrouble.compareAndSet(true, false)) {
            LOG.info("Posted events can be written again");
        }
    }

    private void failed(String topic, Exception failure) {
        if (isGone(failure)) {
            known.remove(topic);
            topics.forget(topic);
        }
        trouble(topic, failure);
    }

    /** The topic may be gone: it is looked for before the next event. While no broker answers, that would only take time. */
    private static boolean isGone(Exception failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || (failure instanceof TimeoutException
                        && String.valueOf(failure.getMessage()).contains("not present in metadata"));
    }

    private void trouble(String topic, Exception failure) {
        if (inTrouble.compareAndSet(false, true)) {
            LOG.error("Events posted for {} cannot be written and are refused: {}", topic, failure.toString());
        }
    }

    private static String describe(Exception failure) {
        return "not written: " + failure.getMessage();
    }
}
