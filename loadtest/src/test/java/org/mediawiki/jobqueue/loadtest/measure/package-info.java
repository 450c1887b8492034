/** Tests of the load test tool. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.measure;

import org.jspecify.annotations.NullMarked;
