/**
 * When a job may start: one {@link org.mediawiki.jobqueue.runner.lane.Lane} holds the jobs that want to run, gives
 * fair turns, keeps the limits, and stops for holds and breakers.
 *
 * <pre>
 *   Lane ── turns by priority ──▶ Pool ── turns ──▶ TypeQueue ── turns ──▶ WikiQueue ──▶ Task
 *   (lane's concurrency)          (limit,           (rate, hold)            (per wiki, per section,
 *                                  max_share)                                hold)
 * </pre>
 *
 * <p>A slot here is a place in a limit: room for one job to run. A slot of a ledger is something else, the open record
 * of a job, which waits or runs.
 *
 * <p>Called by the queue; everything here runs on the lane's context and so needs no locks.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.lane;

import org.jspecify.annotations.NullMarked;
