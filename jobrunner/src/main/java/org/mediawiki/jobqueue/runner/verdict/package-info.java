/**
 * Judges attempts: what the runner's answer, or its silence, means for the job (SPEC section 5).
 *
 * <p>Pure functions from values to values, called by the lane on its context once per attempt. The public face is
 * {@link org.mediawiki.jobqueue.runner.verdict.Verdicts}, and for the EventBus extension's endpoint
 * {@link org.mediawiki.jobqueue.runner.verdict.RestVerdicts}, which remembers whether that endpoint has ever let
 * anybody in; the rest reads one part of an answer each.
 */
@NullMarked
package org.mediawiki.jobqueue.runner.verdict;

import org.jspecify.annotations.NullMarked;
