/** Tests of what can be the matter with an instance's machine. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.fault;

import org.jspecify.annotations.NullMarked;
