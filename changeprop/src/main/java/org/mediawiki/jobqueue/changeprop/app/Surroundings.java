package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.OwnTopicsConfig;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * What all lanes of a process share.
 *
 * @param instance names this process in the whole fleet, and in Kafka's client ids
 * @param maxOpenBytesPerLane each lane's part of the memory for open records
 */
record Surroundings(
        Configuration configuration, Topics topics, QueueMetrics metrics, String instance, long maxOpenBytesPerLane) {

    /** The topics of our own, as the configuration wants them; {@code admin} stays the caller's. */
    OwnTopics ownTopics(Admin admin) {
        return ownTopics(admin, configuration.kafka().ownTopics().partitions());
    }

    /** The same with another number of partitions. */
    OwnTopics ownTopics(Admin admin, int partitions) {
        OwnTopicsConfig own = configuration.kafka().ownTopics();
        return new OwnTopics(admin, topics, partitions, (short) own.replicationFactor());
    }

    Duration drainTimeout() {
        return configuration.drainTimeout();
    }
}
