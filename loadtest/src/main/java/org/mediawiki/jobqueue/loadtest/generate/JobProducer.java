package org.mediawiki.jobqueue.loadtest.generate;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts job events where MediaWiki puts them: raw bytes without a key into {@code <dc>.mediawiki.job.<type>}. What a call
 * has produced stands in every in-sync replica when the call returns.
 *
 * <p>Blocks; safe for use by several threads.
 */
public final class JobProducer implements AutoCloseable {

    /** A broker on a machine at its limit stands still for tens of seconds while a thousand topics come up. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int LARGEST_REQUEST = 8 << 20;

    private final String bootstrapServers;
    private final String dc;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param bootstrapServers {@code host:port}, separated by commas
     * @param dc the datacenter that topics begin with, e.g. {@code eqiad}
     */
    public JobProducer(String bootstrapServers, String dc) {
        this(bootstrapServers, dc, 5);
    }

    private JobProducer(String bootstrapServers, String dc, int lingerMillis) {
        this.bootstrapServers = bootstrapServers;
        this.dc = dc;
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "linger.ms",
                lingerMillis,
                "max.request.size",
                LARGEST_REQUEST,
                "max.block.ms",
                PATIENCE.toMillis(),
                "delivery.timeout.ms",
                (int) PATIENCE.toMillis(),
                "request.timeout.ms",
                (int) PATIENCE.toMillis() / 4);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** One that sends each event at once, for {@link #produceLater}: the wait for a batch would count as latency. */
    public static JobProducer prompt(String bootstrapServers, String dc) {
        return new JobProducer(bootstrapServers, dc, 0);
    }

    /**
     * Makes the topics of job types that have none, in one request: a broker that makes a thousand, each for its first
     * event, answers nothing else for half a minute.
     *
     * @throws IllegalStateException where they cannot be made in time
     */
    public void createTopics(Collection<String> types) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> wanted = types.stream().map(this::topic).collect(Collectors.toSet());
            wanted.removeAll(admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            admin.createTopics(wanted.stream()
                            .map(name -> new NewTopic(name, Optional.empty(), Optional.empty()))
                            .toList())
                    .all()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("topics cannot be made", e);
        }
    }

    /** The topic of a job type. */
    public String topic(String type) {
        return dc + ".mediawiki.job." + type;
    }

    /**
     * Produces events in order, each to its type's topic.
     *
     * @throws IllegalStateException if one is not acknowledged in time; others may have been
     */
    public void produce(Collection<JobEvent> events) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        for (JobEvent event : events) {
            sent.add(send(topic(event.type()), event.bytes()));
        }
        sent.forEach(JobProducer::await);
    }

    /**
     * Sends an event without waiting for anything but room in the producer's memory; {@code onRefusal} runs, on the
     * producer's thread, where Kafka does not take it.
     */
    public void produceLater(JobEvent event, Runnable onRefusal) {
        Future<RecordMetadata> ignored = producer.send(
                new ProducerRecord<>(topic(event.type()), event.bytes().getBytes()), (sent, failure) -> {
                    if (failure != null) {
                        onRefusal.run();
                    }
                });
    }

    /** Produces any bytes to any topic: bad input, too. */
    public void produceRaw(String topic, Buffer bytes) {
        await(send(topic, bytes));
    }

    /** The same, to a partition of the topic. */
    public void produceRaw(String topic, int partition, Buffer bytes) {
        await(producer.send(new ProducerRecord<>(topic, partition, null, bytes.getBytes())));
    }

    /** Produces a record without a value. */
    public void produceTombstone(String topic) {
        await(producer.send(new ProducerRecord<>(topic, null)));
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }

    private Future<RecordMetadata> send(String topic, Buffer bytes) {
        return producer.send(new ProducerRecord<>(topic, bytes.getBytes()));
    }

    private static void await(Future<RecordMetadata> sent) {
        try {
            // Longer than the producer itself tries, so that its own reason is the one that is told.
            sent.get(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while producing", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not acknowledged", e);
        }
    }
}
