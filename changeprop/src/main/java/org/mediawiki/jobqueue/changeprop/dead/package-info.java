/**
 * Dead jobs, for operators: which there are, what each holds, and what has been done about it (SPEC section 8).
 *
 * <pre>
 *   error topic ──▶ tail ──▶ index (newest ones, no bodies)      search
 *        │                     ▲
 *        │                     │ marks: claimed, replayed, dropped
 *        │               operations topic (compacted) ◀── claims, then marks
 *        └──▶ by offset, or from a time on ──▶ replay ──▶ retry topic of the job's family
 * </pre>
 *
 * <p>Called by the admin API, on any thread. The index is fed by a thread of its own, {@code dead-tail}; whatever reads
 * the error topic on demand does so on another, {@code dead-reader}. See decision 17.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.dead;

import org.jspecify.annotations.NullMarked;
