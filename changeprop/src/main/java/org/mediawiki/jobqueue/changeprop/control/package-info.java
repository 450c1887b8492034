/**
 * What operators change while the service runs, beside the file: overrides, kept in the compacted topic
 * {@code <dc>.<s>.control}, which every instance reads whole (SPEC section 3).
 *
 * <pre>
 *   set, clear ──▶ control topic ──▶ OverrideBoard of every instance ──▶ Overrides.appliedTo(Configuration)
 * </pre>
 *
 * <p>A {@link org.mediawiki.jobqueue.changeprop.control.Knob} is what can be overridden; an
 * {@link org.mediawiki.jobqueue.changeprop.control.OperatorOverride} says to what, by whom, why and until when.
 * {@link org.mediawiki.jobqueue.changeprop.control.Overrides} is pure. The composition root opens a
 * {@link org.mediawiki.jobqueue.changeprop.control.ControlTopic} and applies what it tells; whatever offers changes to
 * operators uses {@link org.mediawiki.jobqueue.changeprop.control.Control}, on any thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.control;

import org.jspecify.annotations.NullMarked;
