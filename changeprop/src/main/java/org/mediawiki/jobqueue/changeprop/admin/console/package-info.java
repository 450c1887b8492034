/**
 * The console at {@code /}: files from the class path, to a browser that is told to load nothing from anywhere else.
 *
 * <p>Runs on the admin server's context. What the console does, it does over the API.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.admin.console;

import org.jspecify.annotations.NullMarked;
