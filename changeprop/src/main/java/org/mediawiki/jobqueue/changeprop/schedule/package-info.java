/**
 * Whatever must wait until a time: a record in the scheduled topic, kept by a Kafka Streams application, and released to
 * a retry topic of ours when it is due (SPEC sections 2 to 4).
 *
 * <p>{@link org.mediawiki.jobqueue.changeprop.schedule.ScheduledEvent} is what senders make;
 * {@link org.mediawiki.jobqueue.changeprop.schedule.Scheduler} runs on threads of its own;
 * {@link org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs} is read from any thread. See decision 7.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.schedule;

import org.jspecify.annotations.NullMarked;
