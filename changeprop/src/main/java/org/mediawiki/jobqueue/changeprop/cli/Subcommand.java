package org.mediawiki.jobqueue.changeprop.cli;

import java.util.concurrent.Callable;

/**
 * A command that another module adds to {@code jobqueue}, found by {@link java.util.ServiceLoader}. Its class carries
 * picocli's {@code @Command} with a name. {@link #call} does the work on the main thread and returns the exit code.
 */
public interface Subcommand extends Callable<Integer> {}
