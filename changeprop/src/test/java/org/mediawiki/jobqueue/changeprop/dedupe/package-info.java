/** Tests of de-duplication: its rules, its memories, and what becomes of it when Redis fails. */
@NullMarked
package org.mediawiki.jobqueue.changeprop.dedupe;

import org.jspecify.annotations.NullMarked;
