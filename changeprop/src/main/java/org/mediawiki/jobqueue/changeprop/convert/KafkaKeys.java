package org.mediawiki.jobqueue.changeprop.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kafka as our configuration writes it.
 *
 * @param brokers host and port of each
 * @param client properties of all clients
 * @param consumer properties of consumers
 * @param producer properties of producers
 */
record KafkaKeys(
        List<String> brokers, Map<String, String> client, Map<String, String> consumer, Map<String, String> producer) {

    private static final String PEM_AUTHORITIES = "ssl.truststore.location";

    KafkaKeys {
        client = new TreeMap<>(client);
        consumer = new TreeMap<>(consumer);
        producer = new TreeMap<>(producer);
    }

    /** The file with the authorities that the brokers' certificates come from. */
    Optional<String> authorities() {
        return Optional.ofNullable(client.get(PEM_AUTHORITIES));
    }
}
