/**
 * The composition root: makes a running service of a configuration. The only package that knows all others.
 *
 * <p>Called by the commands, on their own threads; each lane then runs on its own context and poll thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.app;

import org.jspecify.annotations.NullMarked;
