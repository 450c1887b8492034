package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;

/**
 * An instance as the others see it.
 *
 * @param heardAt when it wrote its last heartbeat, by its clock
 * @param present whether it is heard of; otherwise it has lapsed, and what it ran is run again
 */
public record Member(Instance instance, Instant heardAt, boolean present) {}
