/**
 * What operators are given to look at: dashboards, alerts, runbooks. Tested by Prometheus' own programs, where they are
 * installed.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.observe;

import org.jspecify.annotations.NullMarked;
