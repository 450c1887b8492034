/**
 * The Kafka side of a lane: one consumer on one thread that owns it, and polling that never stops.
 *
 * <pre>
 *   PollLoop ── poll ──▶ Assignment (a ledger for each partition) ── PolledRecords ──▶ RecordHandler (the lane's context)
 *      ▲                                                                                   │
 *      └── Committer ◀── Assignment.settle ◀── ClosedSlots ◀──────── Slot.close ◀──────────┘
 * </pre>
 *
 * <p>That is the way of records and slots. All that crosses between the poll thread and others:
 *
 * <pre>
 *   what                           from ──▶ to                   by                                bound
 *   RecordHandler.handle           poll thread ──▶ context       a hop onto the context            what may be open
 *   its expect, endedElsewhere,    poll thread ──▶ context       a hop each; nobody waits          one for each change
 *     keepBlocked, goOn,
 *     leaveRunning, stop
 *   its release                    poll thread ──▶ context       a hop; nothing starts before its  none: the Lease is
 *                                                                future, but nobody waits for it   suspended until then
 *   its atWork                     poll thread ──▶ context       a hop and a future; what is       2 s, HandOver's
 *                                    ──▶ poll thread             closed is settled meanwhile       ANSWER_PATIENCE
 *   Slot.close                     any thread ──▶ poll thread    ClosedSlots, a queue              the open slots
 *   Slot.name                      context ──▶ poll thread       a volatile field                  one for each slot
 *   Lease.isHeld, hasExpired       poll thread ──▶ any thread    volatile and atomic fields        of the moment
 *   PollLoop.positions, holdings   poll thread ──▶ any thread    volatile snapshots                a second old
 *   its hasJoined, sinceLastTurn,  poll thread ──▶ any thread    volatile fields                   of the last turn
 *     sinceLastPoll
 *   its stop, follow, renew        any thread ──▶ poll thread    volatile fields; for renew the    the next turn
 *                                                                monitor of ReplaceableConsumer and a wakeup
 *   RevokedSlots,                  poll thread ──▶ fleet's topic futures                           5 s, HandOver's
 *     UncommittedEndings                                                                           NOTES_PATIENCE
 * </pre>
 *
 * <p>The classes, by what they are about; all are the poll thread's but for what the table names:
 *
 * <ul>
 *   <li>poll and flow: PollLoop, ReplaceableConsumer, Subscription, Assignment, PolledRecord, RecordHandler,
 *       ConsumptionListener, Pauses, FlowControl, Depths, PollSizeGuard, ProgressSnapshot, Holdings, LoopHealth
 *   <li>commit: Committer, ClosedSlots, UncommittedEndings, Lease, LeaseWatch
 *   <li>hand-over: Rebalance, Takeover, StartingOffsets, PredecessorOffsets, OtherLanes, HandOver, JobHandOver,
 *       RevokedSlots, InheritedJobs, InheritedJobsListener, Drain
 *   <li>unreadable: Unreadable, Forbidden
 * </ul>
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.consume;

import org.jspecify.annotations.NullMarked;
