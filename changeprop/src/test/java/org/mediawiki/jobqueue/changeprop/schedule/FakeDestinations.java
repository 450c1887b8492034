package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** Topics that are there, unless a test says otherwise. */
final class FakeDestinations implements Destinations {

    private final Map<String, KafkaException> unavailable = new HashMap<>();
    private final List<String> refused = new ArrayList<>();
    private Runnable beforeARefusal = () -> {};

    void refuse(String topic, KafkaException failure) {
        unavailable.put(topic, failure);
    }

    void allow(String topic) {
        unavailable.remove(topic);
    }

    /** {@code wait} is what happens until whoever asks for a topic that is not to be had hears so. */
    void beforeARefusal(Runnable wait) {
        beforeARefusal = wait;
    }

    /** The topics that were asked for in vain, in order. */
    List<String> refused() {
        return refused;
    }

    @Override
    public void ensure(String topic) {
        KafkaException failure = unavailable.get(topic);
        if (failure != null) {
            refused.add(topic);
            beforeARefusal.run();
            throw failure;
        }
    }

    @Override
    public void forgetAll() {}

    @Override
    public void forget(String topic) {}
}
