/**
 * The events on the wire (SPEC sections 3 and 10): decoding that keeps the record's bytes and never throws, and the
 * encoding of retry and error events.
 *
 * <p>Pure; called on a lane's context.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.event;

import org.jspecify.annotations.NullMarked;
