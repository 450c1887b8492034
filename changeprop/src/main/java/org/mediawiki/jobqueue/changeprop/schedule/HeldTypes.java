package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The types whose topics are not to be had for now. Owned by the task's thread. */
final class HeldTypes {

    private static final long HOLD_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(HeldTypes.class);

    private final Map<String, Long> heldUntil = new HashMap<>();

    /** Where nobody answers. Not after the last end in {@link #heldUntil}. */
    private Optional<Long> allHeldUntil = Optional.empty();

    private boolean told;

    /**
     * Holds {@code type}. Where nobody answers, the others are not asked for, one after the other, either.
     *
     * @param now when the failure came, which may be long after the question
     */
    void hold(String type, long now, KafkaException failure) {
        long until = now + HOLD_MILLIS;
        heldUntil.put(type, until);
        if (failure instanceof RetriableException) {
            allHeldUntil = Optional.of(until);
        }
        if (!told) {
            LOG.warn("What is due cannot be released and is tried again, of {} for one: {}", type, failure.toString());
            told = true;
        }
    }

    /** Lets those go whose time is over. */
    void expire(long now) {
        heldUntil.values().removeIf(until -> until <= now);
        allHeldUntil = allHeldUntil.filter(until -> until > now);
    }

    boolean holds(String type) {
        return allHeldUntil.isPresent() || heldUntil.containsKey(type);
    }

    /** When the first of them is to be tried again. */
    Optional<Long> firstEnd() {
        return heldUntil.values().stream().min(Long::compare);
    }

    /** Something was released. */
    void released() {
        if (told && heldUntil.isEmpty()) {
            LOG.info("What is due can be released again");
            told = false;
        }
    }
}
