package org.mediawiki.jobqueue.changeprop.config;

import java.util.List;
import java.util.Map;

/** What tests tell Kafka's clients. */
public final class KafkaConfigs {

    private KafkaConfigs() {}

    /** Of a lone broker, with no property of Kafka's own; {@code partitions} is of each of the service's topics. */
    public static KafkaConfig of(String bootstrapServers, int partitions) {
        return new KafkaConfig(
                List.of(bootstrapServers),
                Map.of(),
                Map.of(),
                Map.of(),
                KafkaConfig.FirstStart.EARLIEST,
                false,
                new OwnTopicsConfig(partitions, 1));
    }
}
