package org.mediawiki.jobqueue.changeprop.consume;

import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** Is told what becomes of records, for the accounting (SPEC guarantee 9). Called on the poll thread. */
public interface ConsumptionListener {

    /** A record was polled and is open. */
    void polled(TopicPartition partition);

    /** A record was polled that an earlier owner had finished; it is skipped. */
    void passed(TopicPartition partition);

    /** A record is open no longer. */
    void settled(TopicPartition partition, Ending ending);
}
