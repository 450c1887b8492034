/**
 * All meters of the queue are made in this package: names, units, tags, buckets (SPEC section 8). The legacy service's
 * names are kept so that its dashboards and alerts go on working.
 *
 * <p>Written by the lane's context (attempts, verdicts, limits in use), the poll thread (the accounts of records) and
 * the producer's threads (events written); read by scrapes, on a thread that may block. What several of them touch says
 * how it is guarded.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.metrics;

import org.jspecify.annotations.NullMarked;
