package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * What all lanes of a process share.
 *
 * @param instance names this process in Kafka's client ids
 * @param maxOpenBytesPerLane each lane's part of the memory for open records
 */
record Surroundings(
        Configuration configuration, Topics topics, QueueMetrics metrics, String instance, long maxOpenBytesPerLane) {

    Duration drainTimeout() {
        return configuration.drainTimeout();
    }
}
