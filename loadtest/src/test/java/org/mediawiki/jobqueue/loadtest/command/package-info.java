/** Tests of the load test tool. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.command;

import org.jspecify.annotations.NullMarked;
