/**
 * What happens to a job between its record and its end: one flat chain on the lane's context.
 *
 * <pre>
 *   decode ─▶ triage ─▶ (wait until due) ─▶ lane ─▶ verdict ─▶ done │ retry event │ error event │ hold: lane again
 * </pre>
 *
 * <p>Decisions ({@code Triage}, {@code RetryPolicy}) are pure; {@code JobPipeline} carries them out. A slot is closed
 * only when the job is done, or stands in another topic with an acknowledgement from all in-sync replicas
 * (SPEC guarantee 1).
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.dispatch;

import org.jspecify.annotations.NullMarked;
