/**
 * Kafka clients with the properties that our guarantees rest on, and how to wait for an admin client's answer.
 *
 * <p>Used where the service is put together, and on threads that may block.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.kafka;

import org.jspecify.annotations.NullMarked;
