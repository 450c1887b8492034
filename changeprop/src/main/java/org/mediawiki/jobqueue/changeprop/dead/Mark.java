package org.mediawiki.jobqueue.changeprop.dead;

import java.time.Instant;

/**
 * What was done about a dead job.
 *
 * @param by who did it
 * @param reason why, in their words; may be empty
 * @param claim tells apart those who want to do something at the same time
 */
public record Mark(DeadJobState state, String by, String reason, Instant at, String claim) {}
