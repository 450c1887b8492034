package org.mediawiki.jobqueue.changeprop.schedule;

import org.apache.kafka.common.KafkaException;

/** The topics that the scheduler reads and writes. Called on the scheduler's threads; may block for seconds. */
public interface Destinations {

    /**
     * Returns when {@code topic} is there, created where it was missing. Cheap where that is known.
     *
     * @throws KafkaException where the brokers cannot be asked or refuse; the scheduler tries again later
     */
    void ensure(String topic);

    /** A write to {@code topic} failed as it does when a topic is gone: look again next time. */
    void forget(String topic);

    /** Something failed, and it may be any topic that is gone. */
    void forgetAll();
}
