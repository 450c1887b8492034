/** Tests of {@code jobqueue dev}: its arithmetic in plain tests, the whole of it as a user starts it. */
@NullMarked
package org.mediawiki.jobqueue.loadtest.dev;

import org.jspecify.annotations.NullMarked;
