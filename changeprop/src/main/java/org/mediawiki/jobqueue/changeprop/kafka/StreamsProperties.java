package org.mediawiki.jobqueue.changeprop.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaDefaults;

/**
 * The properties of a Kafka Streams application: what the configuration says for its clients, on top of our defaults,
 * below what guarantees rest on. As {@link KafkaClients} has them for clients.
 */
public final class StreamsProperties {

    /** Above the largest record of a changelog with its overhead: the brokers decide what is too large. */
    private static final int MAX_RECORD_BYTES = 17 * 1024 * 1024;

    private final KafkaConfig config;
    private final String clientId;

    /** {@code clientId} begins the {@code client.id} of every client, which brokers log and meter. */
    public StreamsProperties(KafkaConfig config, String clientId) {
        this.config = config;
        this.clientId = clientId;
    }

    /**
     * A fresh map.
     *
     * @param application its group, and how its changelogs begin
     * @param exactlyOnce whether by transactions; at least once otherwise
     */
    public Map<String, Object> of(String application, boolean exactlyOnce) {
        Map<String, Object> properties = new HashMap<>();
        defaults(properties);
        properties.putAll(config.clientProperties());
        config.consumer().forEach((name, value) -> properties.put(StreamsConfig.consumerPrefix(name), value));
        config.producer().forEach((name, value) -> properties.put(StreamsConfig.producerPrefix(name), value));
        guaranteed(properties, exactlyOnce);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }

    private static void defaults(Map<String, Object> properties) {
        // As KafkaClients has them; a poll returns little, since all that it returned is held until it is done.
        consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, KafkaDefaults.SESSION_TIMEOUT_MS);
        consumer(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, KafkaDefaults.HEARTBEAT_INTERVAL_MS);
        consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, HeapParts.fetchBytes(8 * 1024 * 1024));
        consumer(properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
        consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        // Whoever restores reads a gigabyte: in steps that are worth it, with as much memory while it lasts.
        restorer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, HeapParts.fetchBytes(16 * 1024 * 1024));
        restorer(properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
        restorer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        producer(properties, ProducerConfig.LINGER_MS_CONFIG, KafkaDefaults.LINGER_MS);
        producer(properties, ProducerConfig.BUFFER_MEMORY_CONFIG, HeapParts.producerBytes(48 * 1024 * 1024));
        producer(properties, ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        producer(properties, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, KafkaDefaults.REQUEST_TIMEOUT_MS);
    }

    private void guaranteed(Map<String, Object> properties, boolean exactlyOnce) {
        consumer(properties, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        producer(properties, ProducerConfig.ACKS_CONFIG, "all");
        producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        // With transactions Streams would wait for ever, for a partition without a leader, and release nothing else.
        producer(properties, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, KafkaDefaults.SCHEDULER_DELIVERY_TIMEOUT_MS);
        properties.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
        if (exactlyOnce) {
            producer(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        }
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, config.ownTopics().replicationFactor());
    }

    private static void consumer(Map<String, Object> properties, String name, Object value) {
        properties.put(StreamsConfig.consumerPrefix(name), value);
    }

    private static void restorer(Map<String, Object> properties, String name, Object value) {
        properties.put(StreamsConfig.restoreConsumerPrefix(name), value);
    }

    private static void producer(Map<String, Object> properties, String name, Object value) {
        properties.put(StreamsConfig.producerPrefix(name), value);
    }
}
