/**
 * The queue: from Kafka's topics to the job runner. Here stands only the entry point; {@code cli} has the commands,
 * {@code config} what they are told, and the composition root builds the service from both.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop;

import org.jspecify.annotations.NullMarked;
