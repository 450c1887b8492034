/**
 * The admin API under {@code /api/v1} (SPEC section 8), as {@code openapi.yaml} describes it. Any instance answers for the
 * whole fleet: what only others know it asks of them.
 *
 * <p>Runs on the admin server's context; whatever blocks or looks through much goes to a worker thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.admin.api;

import org.jspecify.annotations.NullMarked;
