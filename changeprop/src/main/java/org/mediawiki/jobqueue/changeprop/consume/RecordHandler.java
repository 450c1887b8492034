package org.mediawiki.jobqueue.changeprop.consume;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Whoever works on the records. Called on the poll thread; its methods return at once. */
public interface RecordHandler {

    /** Takes the records over; every slot is closed sooner or later. */
    void handle(List<PolledRecord> records);

    /**
     * Nothing of these partitions starts from here on: the slots of what has not started are closed as
     * {@linkplain org.mediawiki.jobqueue.changeprop.ledger.Ending#RELEASED released}, those of what runs are closed
     * when it ends.
     */
    void release(Collection<TopicPartition> partitions);

    /**
     * What still runs of these partitions, which were released, is waited for no longer: it will run again elsewhere.
     * Whoever knows the jobs names them, so that operators know which those are.
     */
    void leaveRunning(Collection<TopicPartition> partitions);

    /** As {@link #release} for everything, and for whatever is handed over from here on. */
    void stop();
}
