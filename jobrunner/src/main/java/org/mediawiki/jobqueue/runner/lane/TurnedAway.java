package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task that is no longer in the lane, and what it is to be told. */
record TurnedAway(Task task, Duration comeBackIn, Blockage why) {

    private static final Logger LOG = LoggerFactory.getLogger(TurnedAway.class);

    /** Where one throws although it must not, the others hear all the same. */
    void tell() {
        try {
            task.turnedAway(comeBackIn, why);
        } catch (RuntimeException e) {
            LOG.error("A task was turned away and took it as it should not: this is a bug", e);
        }
    }
}
