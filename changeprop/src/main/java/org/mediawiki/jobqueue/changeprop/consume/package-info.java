/**
 * The Kafka side of a lane: one consumer on one thread that owns it, and polling that never stops.
 *
 * <pre>
 *   PollLoop ── poll ──▶ Assignment (a ledger for each partition) ── PolledRecords ──▶ RecordHandler (the lane's context)
 *      ▲                                                                                   │
 *      └── Committer ◀── Assignment.settle ◀── ClosedSlots ◀──────── Slot.close ◀──────────┘
 * </pre>
 *
 * <p>Those are the only two crossing points between the poll thread and the lane's context.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.consume;

import org.jspecify.annotations.NullMarked;
