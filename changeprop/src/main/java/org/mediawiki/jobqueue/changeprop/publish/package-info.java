/**
 * Writing to Kafka: retry and error events, and the topics of our own (SPEC section 3).
 *
 * <p>{@link org.mediawiki.jobqueue.changeprop.publish.Outbox} is called on a lane's context and answered there; the
 * producer's blocking calls have a thread of their own.
 * {@link org.mediawiki.jobqueue.changeprop.publish.OwnTopics} blocks: it is called on that thread, on the poll thread before
 * the loop begins, and on threads of the intake, the scheduler and the bulletins, each with one of its own.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.publish;

import org.jspecify.annotations.NullMarked;
