/** Tests of the load test tool. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.bench;

import org.jspecify.annotations.NullMarked;
