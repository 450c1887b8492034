/**
 * The port of operators and their machines (SPEC section 8): metrics, health and readiness here; the API that looks and
 * changes in {@code api}, the page that uses it in {@code console}.
 *
 * <p>Runs on a context of its own; asks the lanes on theirs.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.admin;

import org.jspecify.annotations.NullMarked;
