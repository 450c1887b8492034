package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;

/** The gauge of the oldest attempt of one job type, whatever its pool, or of all those that share a label. */
final class OldestAttempt {

    /** Written by whoever refreshes, as a whole; read by scrapes. */
    private volatile TypeState state = new TypeState();

    OldestAttempt(Meters meters, Tags tags) {
        meters.gauge(
                "jobqueue.attempt.oldest.seconds",
                "How long the oldest attempt has been under way; 0 where none is.",
                tags,
                this,
                attempt -> attempt.state.oldestAttemptSeconds());
    }

    void set(TypeState now) {
        state = now;
    }
}
