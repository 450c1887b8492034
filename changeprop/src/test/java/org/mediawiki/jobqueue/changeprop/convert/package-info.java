/** Tests of what becomes of a legacy configuration; the configurations are written for them. */
@NullMarked
package org.mediawiki.jobqueue.changeprop.convert;

import org.jspecify.annotations.NullMarked;
