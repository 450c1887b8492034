package org.mediawiki.jobqueue.changeprop.config;

import java.util.Map;

/**
 * What holds of Kafka's properties where the file says nothing, as far as others of the file's have to agree with it. In
 * milliseconds.
 */
public final class KafkaDefaults {

    /** The shortest {@code session.timeout.ms} that brokers allow by default; of lanes and of the scheduler. */
    public static final int SESSION_TIMEOUT_MS = 6_000;

    /** {@code heartbeat.interval.ms}: in the answers a member hears that the others are to join anew. */
    public static final int HEARTBEAT_INTERVAL_MS = 500;

    /** {@code linger.ms} of producers. */
    public static final int LINGER_MS = 5;

    /** {@code request.timeout.ms} of producers. */
    public static final int REQUEST_TIMEOUT_MS = 10_000;

    /** {@code delivery.timeout.ms} of producers: within it a batch is sent again, which brokers recognise. */
    public static final int DELIVERY_TIMEOUT_MS = 300_000;

    /** The same of the scheduler's, whatever the file says: it has to hear of what cannot be written. */
    public static final int SCHEDULER_DELIVERY_TIMEOUT_MS = 60_000;

    private KafkaDefaults() {}

    /**
     * Of every client. What they count is scraped from {@code /metrics}; to keep it twice more, for JMX and for brokers that might
     * ask for it (KIP-714), would cost 20 KB of heap for each topic.
     */
    static Map<String, String> ofAnyClient() {
        return Map.of("metric.reporters", "", "enable.metrics.push", "false");
    }
}
