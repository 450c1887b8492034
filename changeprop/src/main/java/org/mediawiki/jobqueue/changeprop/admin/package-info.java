/**
 * What operators and their machines ask over HTTP (SPEC section 8): metrics, health, readiness.
 *
 * <p>Runs on a context of its own; asks the lanes on theirs.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.admin;

import org.jspecify.annotations.NullMarked;
