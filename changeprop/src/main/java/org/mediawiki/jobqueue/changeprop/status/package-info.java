/**
 * What is going on, as operators see it: now, and over the last hour; of this instance, and of the whole fleet.
 *
 * <p>Everything countable comes from the meters, so that the console and the dashboards never differ. Pure but for
 * {@link org.mediawiki.jobqueue.changeprop.status.History}, which guards itself; used by the admin API.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.status;

import org.jspecify.annotations.NullMarked;
