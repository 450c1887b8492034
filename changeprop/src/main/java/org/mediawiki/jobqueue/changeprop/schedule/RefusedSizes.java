package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How large an event was, at the least, that a topic did not take. It can only be learned from a write that fails, and
 * such a write spoils the transaction: so it is remembered, and the next time the event is not sent there. Kept until the process ends:
 * a topic that takes more since is known as such after a restart. Any thread.
 */
final class RefusedSizes {

    private final Map<String, Integer> leastRefused = new ConcurrentHashMap<>();

    void refused(String topic, int bytes) {
        leastRefused.merge(topic, bytes, Math::min);
    }

    boolean takes(String topic, int bytes) {
        return bytes < leastRefused.getOrDefault(topic, Integer.MAX_VALUE);
    }
}
