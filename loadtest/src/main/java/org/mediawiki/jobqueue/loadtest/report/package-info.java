/**
 * What came of a load test, for machines and for people: {@link org.mediawiki.jobqueue.loadtest.report.Result} as JSON,
 * the same as a page with charts, and two of them compared.
 *
 * <p>Values and pure functions; any thread.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.report;

import org.jspecify.annotations.NullMarked;
