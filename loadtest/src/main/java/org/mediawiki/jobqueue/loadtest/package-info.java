/** Placeholder. */
@NullMarked
package org.mediawiki.jobqueue.loadtest;

import org.jspecify.annotations.NullMarked;
