package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;

/** Makes the error event of what cannot wait or cannot be released. Called on the scheduler's threads. */
@FunctionalInterface
public interface ErrorEvents {

    /**
     * @param value the record's value, empty where it has none
     * @param why for people, e.g. {@code the header due is missing}
     * @return to be written to the error topic
     */
    OutboundEvent of(Buffer value, String why);
}
