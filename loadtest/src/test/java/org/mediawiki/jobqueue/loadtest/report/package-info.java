/** Tests of the load test tool. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.report;

import org.jspecify.annotations.NullMarked;
