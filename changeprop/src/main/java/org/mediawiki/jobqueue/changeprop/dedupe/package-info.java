/**
 * Recognises jobs that need not run because what they would do is done (SPEC section 5): the legacy service's three
 * rules, but remembered only when a job is done.
 *
 * <pre>
 *   seenBefore ─▶ this process's memory ──unknown──▶ Redis, one MGET ─▶ DuplicateRules
 *   seenHere   ─▶ this process's memory ───────────────────────────────▶ DuplicateRules
 *   done       ─▶ this process's memory, and Redis in one message
 * </pre>
 *
 * <p>Called by the dispatch pipeline on the lane's context, and answered there. Redis may be down, slow, or empty: then a
 * job counts as new, which is harmless, and nothing waits. Keys and values are the legacy service's, so that both can
 * share a Redis while one takes over from the other.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.dedupe;

import org.jspecify.annotations.NullMarked;
