/**
 * Circuit breakers: whether a job type, and the target as a whole, is well enough to be sent jobs (SPEC section 5,
 * guarantee 7).
 *
 * <pre>
 *             enter                      ended(verdict)
 *   lane ──────────────▶ TypeBreaker ──▶ Call ──────────▶ Breakers ──▶ Breaker (type)   ──▶ resilience4j
 *                             ▲                             │     └──▶ Breaker (target) ──▶ resilience4j
 *                             └──── watch: no answer yet ───┤
 *                                                           └──▶ Trial ──▶ the verdict that holds
 * </pre>
 *
 * <p>resilience4j counts, and knows the states and their permissions. Time comes from
 * {@link org.mediawiki.jobqueue.runner.Time}: the breakers' own timers move them on, never resilience4j's thread pool.
 *
 * <p>Called by the lane; everything here runs on the lane's context and so needs no locks. docs/decisions/0009 says why
 * the rules are as they are.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.breaker;

import org.jspecify.annotations.NullMarked;
