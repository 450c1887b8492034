/**
 * Writing to Kafka: retry and error events, and the topics of our own (SPEC section 3).
 *
 * <p>Called on a lane's context and answered there; the producer's blocking calls have a thread of their own.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.publish;

import org.jspecify.annotations.NullMarked;
