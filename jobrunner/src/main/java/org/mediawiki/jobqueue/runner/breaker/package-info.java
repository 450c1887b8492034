/**
 * Circuit breakers: whether a job type, and the target as a whole, is well enough to be sent jobs (SPEC section 5,
 * guarantee 7).
 *
 * <pre>
 *             enter                      ended(verdict)
 *   lane ──────────────▶ TypeBreaker ──▶ Call ──────────▶ Breakers ──▶ Breaker (type)   ◀── TypeRecord
 *                             ▲                             │     └──▶ Breaker (target) ◀── TargetRecord
 *                             └──── watch: no answer yet ───┤
 *                                                           └──▶ PendingFailures ──▶ the verdict that holds
 * </pre>
 *
 * <p>resilience4j's windows count calls while all is well ({@link org.mediawiki.jobqueue.runner.breaker.TypeRecord},
 * {@link org.mediawiki.jobqueue.runner.breaker.TargetRecord}). Its own circuit breaker is left out: half-open it knows a
 * fixed number of calls and waits for the slowest of them, or for ever where too few come. Time comes from
 * {@link org.mediawiki.jobqueue.runner.Time}, as everywhere.
 *
 * <p>Called by the lane; everything here runs on the lane's context and so needs no locks. docs/decisions/0009 says why
 * the rules are as they are.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.breaker;

import org.jspecify.annotations.NullMarked;
