package org.mediawiki.jobqueue.changeprop.event;

import java.time.Instant;

/**
 * The change that a chain of jobs began with.
 *
 * @param at when it happened
 * @param signature the same for all jobs that the same kind of change to the same page begins
 */
public record RootEvent(Instant at, String signature) {}
