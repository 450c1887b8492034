package org.mediawiki.jobqueue.changeprop.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Kafka cluster and the properties of our clients by Kafka's own names. Properties that guarantees rest on, such as
 * {@code enable.auto.commit}, are refused at loading.
 */
public record KafkaConfig(
        @Setting(value = "Brokers to start from.", required = true, form = TextForm.HOST_AND_PORT)
        List<String> bootstrapServers,

        @Setting(
                value = "Properties of every Kafka client, by Kafka's own names, such as security.protocol.",
                byDefault = "{}")
        Map<String, String> client,

        @Setting(value = "More properties of the consumers, by Kafka's own names.", byDefault = "{}")
        Map<String, String> consumer,

        @Setting(value = "More properties of the producers, by Kafka's own names.", byDefault = "{}")
        Map<String, String> producer,

        @Setting(
                value = "Where a partition begins that existed before the first start and has no committed offset."
                        + " A topic that appears later always begins at its first record.",
                byDefault = "earliest")
        FirstStart firstStart,

        @Setting(
                value = "Copy the committed offsets every 5 s to the groups of the legacy service, so that it can take"
                        + " over again.",
                byDefault = "false")
        boolean mirrorLegacyOffsets,

        @Setting(value = "How the service creates the topics that are its own.", byDefault = "{}")
        OwnTopicsConfig ownTopics) {

    public KafkaConfig {
        bootstrapServers = List.copyOf(bootstrapServers);
        client = Ordered.copy(client);
        consumer = Ordered.copy(consumer);
        producer = Ordered.copy(producer);
    }

    /** Where a partition begins that has no committed offset. */
    public enum FirstStart {
        EARLIEST,
        LATEST
    }

    /** What holds for a consumer: bootstrap servers, {@link KafkaDefaults#ofAnyClient}, {@code client}, {@code consumer}. A fresh map. */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> properties = clientProperties();
        properties.putAll(consumer);
        return properties;
    }

    /** What holds for a producer: bootstrap servers, {@link KafkaDefaults#ofAnyClient}, {@code client}, {@code producer}. A fresh map. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> properties = clientProperties();
        properties.putAll(producer);
        return properties;
    }

    /** What holds for an admin client: bootstrap servers, {@link KafkaDefaults#ofAnyClient}, {@code client}. A fresh map. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new LinkedHashMap<>(KafkaDefaults.ofAnyClient());
        properties.putAll(client);
        properties.put("bootstrap.servers", String.join(",", bootstrapServers));
        return properties;
    }

    /** Without the properties' values: there are passwords among them. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", client=" + client.keySet() + ", consumer="
                + consumer.keySet() + ", producer=" + producer.keySet() + ", firstStart=" + firstStart
                + ", mirrorLegacyOffsets=" + mirrorLegacyOffsets + ", ownTopics=" + ownTopics + "]";
    }
}
