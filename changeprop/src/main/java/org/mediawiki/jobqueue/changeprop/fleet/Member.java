package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;

/**
 * An instance as the others see it.
 *
 * @param heardAt when it wrote its last heartbeat, by its clock
 * @param present whether it is heard of. Otherwise it has lapsed, and what it ran is run again; or it has not been heard of
 *     since this instance is, and may have died before
 */
public record Member(Instance instance, Instant heardAt, boolean present) {}
