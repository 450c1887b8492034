package org.mediawiki.jobqueue.changeprop.publish;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Where events go that must be safe before a slot may be closed. */
public interface Outbox {

    /**
     * Writes an event and tries again for as long as it takes.
     *
     * @return completes on the caller's context when all in-sync replicas have it, or when it is certain that no
     *     broker will ever take it; stays open when the outbox is closed before either, so that the slot behind it
     *     stays open as well
     */
    Future<Receipt> send(OutboundEvent event);

    /**
     * Somebody else will write to {@code topic} later: has it created where it is missing, so that its readers have found
     * it by then. Returns at once, and may fail unnoticed, since whoever writes looks again.
     */
    default void announce(String topic) {}

    /**
     * An event to be written.
     *
     * @param topic created when it is missing
     * @param partition the partition that belongs to the job's family; taken modulo the topic's partitions
     * @param headers of the Kafka record
     */
    record OutboundEvent(String topic, int partition, Buffer value, Map<String, Buffer> headers) {

        /** An event without headers. */
        public OutboundEvent(String topic, int partition, Buffer value) {
            this(topic, partition, value, Map.of());
        }
    }

    /** What became of an event. */
    enum Receipt {
        /** All in-sync replicas have it. */
        ACKNOWLEDGED,
        /** It is larger than the topic allows. */
        TOO_LARGE
    }
}
