/** Null-checked like what it tests. */
@NullMarked
package org.mediawiki.jobqueue.changeprop.kafka;

import org.jspecify.annotations.NullMarked;
