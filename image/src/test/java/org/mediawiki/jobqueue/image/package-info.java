/** Looks into the finished image: its user, its entry point, its layers; and runs it as a pod would, where that is possible. */
@NullMarked
package org.mediawiki.jobqueue.image;

import org.jspecify.annotations.NullMarked;
