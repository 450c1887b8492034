/**
 * {@code bin/loadtest}: runs scenarios, lists them, compares results. Called by people; on the main thread.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.command;

import org.jspecify.annotations.NullMarked;
