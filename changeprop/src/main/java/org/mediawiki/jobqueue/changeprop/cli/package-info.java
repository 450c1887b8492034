/**
 * The commands of {@code jobqueue} (SPEC section 7) and what they print. A command is called once, on the main thread,
 * with what the user typed; its result is the exit code: 0 fine, 1 failed, 2 bad usage or configuration.
 *
 * <p>Other modules add commands as services of {@link org.mediawiki.jobqueue.changeprop.cli.Subcommand}. Output is
 * plain ASCII, since containers often run without a locale.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.cli;

import org.jspecify.annotations.NullMarked;
