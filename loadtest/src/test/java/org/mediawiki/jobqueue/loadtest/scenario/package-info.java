/** Tests of the load test tool. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
