/** Stub. */
@org.jspecify.annotations.NullMarked
package org.mediawiki.jobqueue.changeprop.dedupe;
