/**
 * When a job may start: one {@link org.mediawiki.jobqueue.runner.lane.Lane} holds the jobs that want to run, gives
 * fair turns, keeps the limits, and stops for holds and breakers.
 *
 * <pre>
 *   Lane ── turns by priority ──▶ Pool ── turns ──▶ TypeQueue ── turns ──▶ WikiQueue ──▶ Task
 *   (lane's concurrency)          (limit, rate,     (hold)                 (hold)
 *                                  max_share; a SharedLimit
 *                                  for each section and wiki)
 * </pre>
 *
 * <p>Members that cannot use a slot leave the turns; a {@link org.mediawiki.jobqueue.runner.lane.SharedLimit} that is free
 * again, or a hold that is over, brings them back. Of those that are blocked so, no more are kept than
 * {@link org.mediawiki.jobqueue.runner.lane.Overflow} allows; the others come back when it is about their turn
 * ({@link org.mediawiki.jobqueue.runner.lane.ReturnTimes}).
 *
 * <p>A slot here is a place in a limit: room for one job to run. A slot of a ledger is something else, the open record
 * of a job, which waits or runs.
 *
 * <p>Called by the queue; everything here runs on the lane's context and so needs no locks.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.lane;

import org.jspecify.annotations.NullMarked;
