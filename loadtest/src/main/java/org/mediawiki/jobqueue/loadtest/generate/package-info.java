/**
 * Job events to fill the queue with: made to measure ({@link org.mediawiki.jobqueue.loadtest.generate.JobEvents}), or
 * real ones that a wiki once sent ({@link org.mediawiki.jobqueue.loadtest.generate.RealJobs}), and the way into Kafka
 * ({@link org.mediawiki.jobqueue.loadtest.generate.JobProducer}).
 *
 * <p>Called by tests and benchmarks, on their own threads.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.generate;

import org.jspecify.annotations.NullMarked;
