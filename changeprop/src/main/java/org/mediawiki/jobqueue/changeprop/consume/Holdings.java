package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What a lane owns, for those who look.
 *
 * @param lagByType of each job type of which partitions are owned: how many of their records are in Kafka and not polled
 *     yet, as far as the last answers of the brokers tell
 * @param handedOver jobs that run here still of partitions that belong to others by now
 * @param unreadable partitions that cannot be read where they stand
 */
public record Holdings(Map<String, Long> lagByType, int handedOver, int unreadable) {

    static final Holdings NONE = new Holdings(Map.of(), 0, 0);

    public Holdings {
        lagByType = Map.copyOf(lagByType);
    }

    /** Poll thread only. */
    static Holdings of(
            Consumer<?, ?> consumer, Assignment assignment, RevokedSlots revokedSlots, Unreadable unreadable) {
        Map<String, Long> lag = new HashMap<>();
        assignment.forEachType((type, partition) ->
                lag.merge(type, consumer.currentLag(partition).orElse(0), Long::sum));
        return new Holdings(lag, revokedSlots.size(), unreadable.count());
    }
}
