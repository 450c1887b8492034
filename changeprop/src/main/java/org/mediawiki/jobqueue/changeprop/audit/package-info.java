/**
 * Who changed what, when, and why: every change that an operator asks for is written down before it is made (SPEC section
 * 8). The records live in the compacted topic of operations, so every instance shows all of them.
 *
 * <p>Called by the admin API, on any thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.audit;

import org.jspecify.annotations.NullMarked;
