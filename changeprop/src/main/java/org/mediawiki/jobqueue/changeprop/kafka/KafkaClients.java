package org.mediawiki.jobqueue.changeprop.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.mediawiki.jobqueue.changeprop.assign.UnitAssignor;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.KafkaDefaults;

/** Makes the Kafka clients: what the configuration says, on top of our defaults, below what guarantees rest on. */
public final class KafkaClients {

    private static final Duration POLL_INTERVAL = Duration.ofMinutes(5);

    /**
     * Where somebody waits, a broker that is silent for so long is left for whoever leads its partitions by then.
     * Hand-over notes are waited for five to ten seconds, and heartbeats for ten.
     */
    private static final int MOST_SILENT_MILLIS = 3_000;

    /** How long a broker may wait for records before it answers whoever follows a topic. */
    private static final int FOLLOWERS_WAIT_MILLIS = 5_000;

    /** What an event may wait for company, in a producer that somebody waits for. */
    private static final int MOST_LINGER_MILLIS = 100;

    private final KafkaConfig config;
    private final String clientId;

    /** {@code clientId} begins the {@code client.id} of every client, which brokers log and meter. */
    public KafkaClients(KafkaConfig config, String clientId) {
        this.config = config;
        this.clientId = clientId;
    }

    /**
     * A consumer of raw records for one lane's group.
     *
     * @param membership its place in the group
     * @param longestPause how long the lane may be between two polls: what a rebalance may wait for running jobs
     * @param values sees every value that a poll returns
     */
    public Consumer<byte[], byte[]> consumer(
            Membership membership, Duration longestPause, Deserializer<byte[]> values) {
        Map<String, Object> properties = new HashMap<>();
        // A new topic is found within the age of the metadata: 15 s are promised (SPEC section 3).
        properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 5_000);
        // Whoever is gone for good is replaced within 10 s.
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, KafkaDefaults.SESSION_TIMEOUT_MS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, KafkaDefaults.HEARTBEAT_INTERVAL_MS);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, HeapParts.fetchBytes(16 * 1024 * 1024));
        // What is fetched ahead of flow control, for each partition; a larger record still comes, alone.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024);
        properties.putAll(config.consumerProperties());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-consumer");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, membership.group());
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, membership.member());
        properties.put(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Math.toIntExact(longestPause.plus(POLL_INTERVAL).toMillis()));
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Where nothing was committed: a topic that appeared later, or one whose records have expired.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // The second one only until the last member is gone whose version has no other.
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(UnitAssignor.class.getName(), CooperativeStickyAssignor.class.getName()));
        properties.put(UnitAssignor.PLAN, membership.plan());
        properties.put(UnitAssignor.STRAYS, membership.strays());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), values);
    }

    /** How long a group waits for a member of which nothing is heard. */
    public Duration sessionTimeout() {
        Object millis = config.consumerProperties()
                .getOrDefault(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, KafkaDefaults.SESSION_TIMEOUT_MS);
        return Duration.ofMillis(Long.parseLong(millis.toString().trim()));
    }

    /** A consumer of no group, which commits nothing: whoever looks into a topic assigns it to itself. */
    public Consumer<byte[], byte[]> reader() {
        return ofNoGroup(Map.of());
    }

    /**
     * As {@link #reader}, for whoever reads a topic on for ever. Records come at once, and where none come there is little
     * to do; but brokers let any other question of it wait behind the wait for records. A partition that moves away
     * from a silent broker is followed after some three seconds.
     */
    public Consumer<byte[], byte[]> follower() {
        return ofNoGroup(followerDefaults());
    }

    Map<String, Object> followerDefaults() {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FOLLOWERS_WAIT_MILLIS);
        defaults.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, MOST_SILENT_MILLIS);
        // Who waits less than the broker does never hears that there is nothing.
        long patienceMillis = Math.min(followersWaitMillis() + MOST_SILENT_MILLIS, Integer.MAX_VALUE);
        defaults.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(patienceMillis));
        return defaults;
    }

    /** What the file says, or our default. */
    private long followersWaitMillis() {
        Object millis = config.consumerProperties()
                .getOrDefault(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FOLLOWERS_WAIT_MILLIS);
        return Long.parseLong(millis.toString().trim());
    }

    private Consumer<byte[], byte[]> ofNoGroup(Map<String, Object> defaults) {
        Map<String, Object> properties = new HashMap<>(defaults);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, HeapParts.fetchBytes(4 * 1024 * 1024));
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
        properties.putAll(config.consumerProperties());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-reader");
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * As {@link #producer}, for few small records that somebody waits for: each is sent at once, and given up when it is
     * not acknowledged within {@code patience}, 2 s or more.
     */
    public Producer<byte[], byte[]> promptProducer(Duration patience) {
        return new KafkaProducer<>(promptProperties(patience), new ByteArraySerializer(), new ByteArraySerializer());
    }

    Map<String, Object> promptProperties(Duration patience) {
        Map<String, Object> properties = producerProperties();
        int millis = Math.toIntExact(patience.toMillis());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis / 2);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis / 2, MOST_SILENT_MILLIS));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        // A broker takes one request of a connection at a time, and answers when the replicas have it: a second one
        // would
        // only wait there, and what comes next behind it, instead of leaving together when the first is answered.
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return properties;
    }

    /** A producer whose acknowledgement means that all in-sync replicas have the record. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A producer for whoever waits for each event: it gives up what is not acknowledged within {@code patience}, and does
     * not forget topics that it has not written to for a while.
     */
    public Producer<byte[], byte[]> producerWithin(Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> properties = producerProperties();
        properties.putIfAbsent(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(7).toMillis());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, linger());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        // A broker that is silent for half of the time is given up for another, or for the same again.
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis / 2));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis + MOST_LINGER_MILLIS);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public Admin admin() {
        Map<String, Object> properties = new HashMap<>(config.clientProperties());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-admin");
        return Admin.create(properties);
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, KafkaDefaults.LINGER_MS);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, HeapParts.producerBytes(64 * 1024 * 1024));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        // What is sent again within it brokers recognise; the outbox's own retries they cannot.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, KafkaDefaults.DELIVERY_TIMEOUT_MS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, KafkaDefaults.REQUEST_TIMEOUT_MS);
        properties.putAll(config.producerProperties());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-producer");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return properties;
    }

    /** What the file says, within bounds; its client refuses a delivery timeout that leaves no time for a request. */
    private int linger() {
        Object asked = config.producer().getOrDefault(ProducerConfig.LINGER_MS_CONFIG, "2");
        return Math.min(Integer.parseInt(String.valueOf(asked)), MOST_LINGER_MILLIS);
    }
}
