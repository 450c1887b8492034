/**
 * Which records of a partition are done, and what may be committed (SPEC guarantees 1 and 2).
 *
 * <p>A slot here is an open record: polled, and not ended. A slot of a limit is something else, a place to run.
 *
 * <p>Pure bookkeeping; used by the poll thread only, except that a {@link org.mediawiki.jobqueue.changeprop.ledger.Slot}
 * is closed on the lane's context.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.ledger;

import org.jspecify.annotations.NullMarked;
