/**
 * All meters of the queue, in one place: names, units, tags, buckets (SPEC section 8). The legacy service's names are
 * kept so that its dashboards and alerts go on working.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.metrics;

import org.jspecify.annotations.NullMarked;
