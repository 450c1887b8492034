/** Looks into the finished image: its user, its entry point, its layers. Nothing is run, so any base will do. */
@NullMarked
package org.mediawiki.jobqueue.image;

import org.jspecify.annotations.NullMarked;
