/**
 * What happens to a job between its record and its end: one flat chain on the lane's context.
 *
 * <pre>
 *   decode ─▶ Admission ─▶ lane ─▶ verdict ─▶ JobEndings: done │ retry event │ error event
 *                │ ▲         │        └─▶ hold: lane again
 *                ▼ │         └─▶ turned away: scheduler
 *      due soon: WaitingRoom; later: scheduler
 * </pre>
 *
 * <p>Decisions ({@code Triage}, {@code RetryPolicy}) are pure; {@code JobPipeline} takes records in, {@code JobCourse}
 * carries a job through, {@code ReturnEvents} writes what brings it back. A slot is closed
 * only when the job is done, or stands in another topic with an acknowledgement from all in-sync replicas
 * (SPEC guarantee 1).
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.dispatch;

import org.jspecify.annotations.NullMarked;
