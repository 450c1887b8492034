package org.mediawiki.jobqueue.changeprop.dead;

import java.util.Optional;

/** Knows how jobs come back. Any thread. */
@FunctionalInterface
public interface Families {

    /** How the jobs of {@code stream} come back; empty where it is no job stream, or no lane runs its type. */
    Optional<Family> of(String stream);

    /**
     * A job type's way back.
     *
     * @param retryTopic where its retry events go
     * @param rule the rule that retries, part of {@code emitter_id}
     * @param retriesLeft what the event says that brings a job back for a first attempt
     */
    record Family(String retryTopic, String rule, int retriesLeft) {}
}
