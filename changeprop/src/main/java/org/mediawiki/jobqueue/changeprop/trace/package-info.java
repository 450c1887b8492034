/**
 * Traces of attempts, by OpenTelemetry; off unless the configuration says where they go. One span for each attempt, on
 * whatever sends it; the exporter has a thread and a bounded queue of its own.
 *
 * <p>Put together where the service is; called on the lanes' contexts.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.trace;

import org.jspecify.annotations.NullMarked;
