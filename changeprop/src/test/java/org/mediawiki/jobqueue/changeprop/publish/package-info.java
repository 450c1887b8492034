/** Tests of what is written to Kafka, most of them against a real broker. */
@NullMarked
package org.mediawiki.jobqueue.changeprop.publish;

import org.jspecify.annotations.NullMarked;
