package org.mediawiki.jobqueue.changeprop.app;

import org.apache.kafka.clients.admin.Admin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.OwnTopicsConfig;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.Tracing;

/**
 * What all lanes of a process share.
 *
 * @param instance names this process in the whole fleet, and in Kafka's client ids
 * @param notes what instances tell each other of jobs whose partitions go from one to the other
 * @param maxOpenBytesPerLane each lane's part of the memory for open records
 */
record SharedParts(
        Configuration configuration,
        Topics topics,
        QueueMetrics metrics,
        Tracing tracing,
        String instance,
        Notes notes,
        long maxOpenBytesPerLane) {

    /** The topics of our own, as the configuration wants them; {@code admin} stays the caller's. */
    OwnTopics ownTopics(Admin admin) {
        return ownTopics(configuration, topics, admin);
    }

    /** The same with another number of partitions. */
    OwnTopics ownTopics(Admin admin, int partitions) {
        return ownTopics(configuration, topics, admin, partitions);
    }

    static OwnTopics ownTopics(Configuration configuration, Topics topics, Admin admin) {
        return ownTopics(
                configuration, topics, admin, configuration.kafka().ownTopics().partitions());
    }

    private static OwnTopics ownTopics(Configuration configuration, Topics topics, Admin admin, int partitions) {
        OwnTopicsConfig own = configuration.kafka().ownTopics();
        return new OwnTopics(admin, topics, partitions, (short) own.replicationFactor());
    }
}
