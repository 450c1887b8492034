/**
 * {@code jobqueue jobs ...}: the operator's work from a terminal, over the admin API (SPEC section 7). Tables for people,
 * JSON for scripts; what touches many asks first. Each command is called once, on the main thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.cli.jobs;

import org.jspecify.annotations.NullMarked;
