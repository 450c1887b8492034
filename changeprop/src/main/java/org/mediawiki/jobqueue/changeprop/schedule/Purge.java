package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the records of the scheduled topic that are in the stores, and so in their changelogs: nobody reads them
 * again. Blocks. Whoever may not delete keeps them.
 */
final class Purge {

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    private final Admin admin;
    private final String application;
    private final String scheduledTopic;
    private boolean told;

    Purge(Admin admin, String application, String scheduledTopic) {
        this.admin = admin;
        this.application = application;
        this.scheduledTopic = scheduledTopic;
    }

    void run() {
        try {
            Map<TopicPartition, RecordsToDelete> read = new HashMap<>();
            Answers.await(admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata())
                    .forEach((partition, committed) -> add(read, partition, committed));
            Answers.await(admin.deleteRecords(read).all());
        } catch (KafkaException e) {
            if (told) {
                LOG.debug("Records of {} are still not deleted", scheduledTopic, e);
            } else {
                LOG.warn("Records of {} that were read cannot be deleted: {}", scheduledTopic, e.toString());
                told = true;
            }
        }
    }

    private void add(Map<TopicPartition, RecordsToDelete> read, TopicPartition partition, OffsetAndMetadata committed) {
        if (partition.topic().equals(scheduledTopic)) {
            read.put(partition, RecordsToDelete.beforeOffset(committed.offset()));
        }
    }
}
