package org.mediawiki.jobqueue.changeprop.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Topics that were missing a moment ago and could not be made: whoever tries again at once waits again, and everything
 * behind it. One thread only.
 */
final class Unmade {

    private static final Duration TERM = Duration.ofSeconds(5);

    /** Far more than there are retry topics; what is forgotten is tried again. */
    private static final int MOST = 1_000;

    private final Time time;
    private final Map<String, Long> sinceNanos = new HashMap<>();
    private OptionalLong unansweredNanos = OptionalLong.empty();

    Unmade(Time time) {
        this.time = time;
    }

    /** Now. */
    void add(String topic) {
        if (sinceNanos.size() >= MOST) {
            sinceNanos.clear();
        }
        sinceNanos.put(topic, time.nanos());
    }

    /** As {@link #add}, where the brokers did not answer in time. */
    void addUnanswered(String topic) {
        add(topic);
        unansweredNanos = OptionalLong.of(time.nanos());
    }

    /** Whether the brokers left a question about any topic unanswered within the last five seconds. */
    boolean isAnyUnanswered() {
        return unansweredNanos.isPresent() && isRecent(unansweredNanos.getAsLong());
    }

    /** Whether it could not be made within the last five seconds. */
    boolean has(String topic) {
        Long since = sinceNanos.get(topic);
        if (since == null) {
            return false;
        }
        boolean isRecent = isRecent(since);
        if (!isRecent) {
            sinceNanos.remove(topic);
        }
        return isRecent;
    }

    private boolean isRecent(long since) {
        return time.nanos() - since < TERM.toNanos();
    }
}
