package org.mediawiki.jobqueue.changeprop.assign;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Topics that nobody owns, and whoever owns the rest of their unit does not subscribe to. Of a topic that was just made, members hear
 * one after the other, the owner too; until then it waits, or a second member would run its unit beside the owner (SPEC guarantee 3).
 * What the owner has not heard of after {@link #PATIENCE} is not its lane's by its configuration, as in a rollout: another gets it
 * then. Whoever leads the group keeps this, from one round to the next. Poll thread only.
 */
public final class Strays {

    /** Six times as long as metadata may be old, which is enough where brokers are in trouble. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Time time;
    private final Map<String, Long> since = new HashMap<>();

    /** Those for which a round was asked for. */
    private final Set<String> asked = new HashSet<>();

    public Strays(Time time) {
        this.time = time;
    }

    /** Whether a topic has waited for its owner for long enough. */
    boolean mayGo(String topic) {
        Long begin = since.get(topic);
        return begin != null && time.nanos() - begin >= PATIENCE.toNanos();
    }

    /** These wait after a round. */
    public void keep(Set<String> topics) {
        since.keySet().retainAll(topics);
        asked.retainAll(topics);
        topics.forEach(topic -> since.putIfAbsent(topic, time.nanos()));
    }

    /** Whether another round is to be made, since a topic has waited for long enough; says so once for each. */
    public boolean takeDue() {
        boolean isDue = false;
        for (String topic : since.keySet()) {
            isDue |= mayGo(topic) && asked.add(topic);
        }
        return isDue;
    }
}
