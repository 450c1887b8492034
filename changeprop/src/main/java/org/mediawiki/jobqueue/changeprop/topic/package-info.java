/**
 * The names of topics and consumer groups (SPEC section 3): which topic holds the jobs of which type, and how.
 *
 * <p>Pure; used by everybody who reads or writes Kafka.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.topic;

import org.jspecify.annotations.NullMarked;
