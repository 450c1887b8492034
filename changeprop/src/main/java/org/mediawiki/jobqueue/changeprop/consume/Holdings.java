package org.mediawiki.jobqueue.changeprop.consume;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What a lane owns, for those who look.
 *
 * @param byType the partitions of each job type; types of which none is owned are absent
 * @param handedOver jobs that run here still of partitions that belong to others by now
 */
public record Holdings(Map<String, Holding> byType, int handedOver) {

    static final Holdings NONE = new Holdings(Map.of(), 0);

    public Holdings {
        byType = Map.copyOf(byType);
    }

    /**
     * The partitions of a job type.
     *
     * @param lag how many records are in Kafka and not polled yet, as far as the last answers of the brokers tell
     */
    public record Holding(int partitions, long lag) {

        Holding plus(Holding other) {
            return new Holding(partitions + other.partitions, lag + other.lag);
        }
    }

    /** Poll thread only. */
    static Holdings of(Consumer<?, ?> consumer, Assignment assignment, HandedOver handedOver) {
        Map<String, Holding> byType = new HashMap<>();
        assignment.forEachType((type, partition) -> {
            long lag = consumer.currentLag(partition).orElse(0);
            byType.merge(type, new Holding(1, lag), Holding::plus);
        });
        return new Holdings(byType, handedOver.size());
    }
}
