package org.mediawiki.jobqueue.changeprop.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.mediawiki.jobqueue.changeprop.config.load.KafkaNames;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/** Brokers, and librdkafka's properties by the names that Kafka's Java clients have for them. */
final class KafkaReader {

    /** Names that differ, and are properties of consumers or producers. */
    private static final Map<String, String> RENAMED = Map.of(
            "compression.codec", "compression.type",
            "fetch.message.max.bytes", "max.partition.fetch.bytes",
            "fetch.wait.max.ms", "fetch.max.wait.ms",
            "message.max.bytes", "max.request.size",
            "queue.buffering.max.ms", "linger.ms",
            "request.required.acks", "acks");

    private static final Set<String> NOT_NEEDED = Set.of(
            "log.connection.close",
            "queue.buffering.max.messages",
            "queue.buffering.max.kbytes",
            "batch.num.messages",
            "statistics.interval.ms",
            "api.version.request",
            "broker.version.fallback",
            "socket.keepalive.enable",
            "dr_cb");

    private final Findings findings;
    private final Map<String, String> client = new LinkedHashMap<>();
    private final Map<String, String> consumer = new LinkedHashMap<>();
    private final Map<String, String> producer = new LinkedHashMap<>();

    KafkaReader(Findings findings) {
        this.findings = findings;
    }

    KafkaKeys withBrokers(List<String> brokers) {
        return new KafkaKeys(brokers.stream().map(KafkaReader::withPort).toList(), client, consumer, producer);
    }

    /** librdkafka takes 9092 where no port is named. */
    private static String withPort(String broker) {
        return broker.matches(".*:[0-9]+") ? broker : broker + ":9092";
    }

    void consumer(Block properties) {
        read(properties, consumer, ConsumerConfig.configNames());
    }

    void producer(Block properties) {
        read(properties, producer, ProducerConfig.configNames());
    }

    private void read(Block properties, Map<String, String> ours, Set<String> known) {
        properties.block("default_topic_conf").ifPresent(topic -> read(topic, ours, known));
        for (String name : properties.keys()) {
            if (!name.equals("default_topic_conf") && properties.has(name)) {
                read(properties, name, ours, known);
            }
        }
    }

    private void read(Block properties, String name, Map<String, String> ours, Set<String> known) {
        String renamed = RENAMED.getOrDefault(name, name);
        if (name.startsWith("ssl.") || name.startsWith("sasl.") || name.startsWith("security.")) {
            security(properties, name);
        } else if (name.equals("auto.offset.reset")) {
            firstStart(properties, name);
        } else if (NOT_NEEDED.contains(name)) {
            properties.pass(Kind.NOT_NEEDED, name, "Kafka's Java clients have no such property, and need none.");
        } else if (KafkaNames.OWNED.containsKey(renamed)) {
            properties.pass(Kind.NOT_NEEDED, name, "Set by the service: " + KafkaNames.OWNED.get(renamed) + ".");
        } else if (known.contains(renamed)) {
            properties.text(name).ifPresent(value -> ours.put(renamed, value));
        } else {
            properties.skip(name);
            findings.refuse(
                    properties.at(name),
                    "no such property of Kafka's Java clients",
                    "Kafka's documentation lists them; write its counterpart by hand and remove it here");
        }
    }

    private void firstStart(Block properties, String name) {
        properties.pass(
                Kind.DIFFERS,
                name,
                "Said where a rule began that had no offset. Here a topic that the legacy service has read begins where"
                        + " that stood, and every other at its first record (kafka.first_start).");
    }

    private void security(Block properties, String name) {
        switch (name) {
            case "security.protocol" ->
                properties.text(name).ifPresent(value -> client.put(name, value.toUpperCase(Locale.ROOT)));
            case "ssl.ca.location" ->
                properties.text(name).ifPresent(file -> {
                    client.put("ssl.truststore.type", "PEM");
                    client.put("ssl.truststore.location", file);
                });
            case "ssl.cipher.suites" ->
                properties.pass(
                        Kind.DIFFERS, name, "OpenSSL's names; Java has others, and chooses among the safe ones.");
            default -> {
                properties.skip(name);
                findings.refuse(
                        properties.at(name),
                        "cannot be converted",
                        "Java wants certificate and key in one PEM file (ssl.keystore.type: PEM), and SASL in"
                                + " sasl.jaas.config; write them by hand, with passwords from ${VARIABLES}");
            }
        }
    }
}
