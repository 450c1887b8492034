package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** Topics that are there, unless a test says otherwise. */
final class FakeDestinations implements Destinations {

    private final Map<String, KafkaException> unavailable = new HashMap<>();

    void refuse(String topic, KafkaException failure) {
        unavailable.put(topic, failure);
    }

    void allow(String topic) {
        unavailable.remove(topic);
    }

    @Override
    public void ensure(String topic) {
        KafkaException failure = unavailable.get(topic);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void forgetAll() {}

    @Override
    public void forget(String topic) {}
}
