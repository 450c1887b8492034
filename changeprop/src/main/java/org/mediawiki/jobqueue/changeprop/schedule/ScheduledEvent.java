package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/**
 * An event that waits.
 *
 * @param due when it is released, to the millisecond; what is due already is released at once
 * @param topic the retry topic of ours that it is released to
 * @param partition of {@code topic}, from 0; taken modulo its partitions when it is released
 * @param value what is released, verbatim
 */
public record ScheduledEvent(Instant due, String topic, int partition, Reason reason, Buffer value) {

    /** The header of what the scheduler has released: when it was due. Whoever reads it need not judge that again. */
    public static final String DUE_HEADER = "due";

    public ScheduledEvent {
        if (partition < 0) {
            throw new IllegalArgumentException("a partition is not negative: " + partition);
        }
    }

    /**
     * The record that makes it wait, to be sent by an outbox. Events spread over all partitions of the scheduled topic,
     * also those of one job type; the same event goes to the same partition.
     */
    public OutboundEvent outbound(Topics topics) {
        return ScheduledRecord.of(this, topics.scheduledTopic());
    }
}
