/**
 * {@code jobqueue dev}: everything on this machine and nothing to install, with a live summary.
 *
 * <pre>
 *   Trickle ──▶ EmbeddedKafka ──▶ Service ──▶ StandInRunner (told by RunnerScript)
 *                     │              │ /metrics
 *                     └─ Backlog ────┴──▶ Tally ──▶ Summary ──▶ Display
 * </pre>
 *
 * <p>Called by the command line on the main thread; the trickle and the display have a thread each, and all ends in the
 * shutdown hook. The summary is made of what everybody sees: the metrics, and Kafka's offsets.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.dev;

import org.jspecify.annotations.NullMarked;
