package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;

/**
 * Where a job came from, and the slot to close when it ends. The record itself is let go as soon as it is read: what is
 * open counts its bytes once.
 *
 * @param writtenAt the record's timestamp: when its producer wrote it, by the producer's clock
 */
record Origin(TopicPartition partition, Slot slot, Instant writtenAt) {

    static Origin of(PolledRecord polled) {
        String topic = polled.record().topic();
        return new Origin(
                new TopicPartition(topic, polled.record().partition()),
                polled.slot(),
                Instant.ofEpochMilli(polled.record().timestamp()));
    }

    /** Where its record stands; the same whenever it is polled again. */
    Place place() {
        return new Place(partition, slot.offset());
    }

    @Override
    public String toString() {
        return place().toString();
    }
}
