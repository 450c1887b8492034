/**
 * A stand-in mw-jobrunner over HTTPS: it answers as told, fails as told, and remembers what it saw, so that the
 * guarantees (SPEC section 4) can be asserted on what really arrived.
 *
 * <pre>
 *   request ──▶ JobEndpoint ──▶ RequestLedger (arrived)
 *                    │ which job, which attempt
 *                    ▼
 *                RuleTable ──▶ Behaviour ──▶ Exchange plays it ──▶ RequestLedger (ended)
 * </pre>
 *
 * <p>Used by tests and benchmarks in their own JVM ({@link org.mediawiki.jobqueue.loadtest.standin.StandInRunner}), or
 * as a process of its own with a control port ({@link org.mediawiki.jobqueue.loadtest.standin.StandInCommand}).
 * Requests are served on the event loops of the stand-in's own Vert.x; rules and ledger may be used from any thread.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.standin;

import org.jspecify.annotations.NullMarked;
