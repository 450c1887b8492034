/** The Kafka that system tests run against: in this JVM, or, on request, the official image in a container. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.brokers;

import org.jspecify.annotations.NullMarked;
