/**
 * Who of a consumer group owns what: everything that shares limits is owned by one member, so that a limit of the whole
 * fleet is kept by one process that counts to it. See docs/decisions/0010.
 *
 * <p>Everything but {@link org.mediawiki.jobqueue.changeprop.assign.UnitAssignor} is pure. That one is made by Kafka's
 * consumer, and called by it within a poll, so on the poll thread of whichever member leads the group.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.assign;

import org.jspecify.annotations.NullMarked;
