/** Tests of the job events that tests and benchmarks are fed with. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.generate;

import org.jspecify.annotations.NullMarked;
