/** Placeholder. */
@NullMarked
package org.mediawiki.jobqueue.changeprop;

import org.jspecify.annotations.NullMarked;
