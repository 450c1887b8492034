/**
 * The vocabulary of running one job: what is sent ({@link org.mediawiki.jobqueue.runner.Job}), where to
 * ({@link org.mediawiki.jobqueue.runner.Target}), what came of one request
 * ({@link org.mediawiki.jobqueue.runner.Attempt}) and what that means for the job
 * ({@link org.mediawiki.jobqueue.runner.Verdict}).
 *
 * <p>Nothing here knows Kafka. The packages below hold the machinery: {@code http} sends, {@code verdict} judges,
 * {@code lane} decides when a job may start, {@code breaker} whether
 * a type and the target are well enough for it. Everything that decides runs on the lane's Vert.x context.
 */
@NullMarked
package org.mediawiki.jobqueue.runner;

import org.jspecify.annotations.NullMarked;
