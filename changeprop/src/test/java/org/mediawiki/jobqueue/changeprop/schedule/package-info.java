@NullMarked
package org.mediawiki.jobqueue.changeprop.schedule;

import org.jspecify.annotations.NullMarked;
