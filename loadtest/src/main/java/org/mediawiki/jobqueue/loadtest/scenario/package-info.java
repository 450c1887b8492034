/**
 * What a load test is to do, as data: a YAML file says which jobs come when, how the runner answers, what is done to
 * the dispatcher meanwhile, and what must hold in the end. {@link org.mediawiki.jobqueue.loadtest.scenario.Scenarios}
 * finds and reads them; {@code measure} carries them out.
 *
 * <p>Values only; any thread.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
