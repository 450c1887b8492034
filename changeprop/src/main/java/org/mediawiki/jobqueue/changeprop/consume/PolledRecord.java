package org.mediawiki.jobqueue.changeprop.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;

/** A record on its way to the lane's context, and the slot to be closed when it is done. */
public record PolledRecord(JobTopic topic, ConsumerRecord<byte[], byte[]> record, Slot slot) {}
