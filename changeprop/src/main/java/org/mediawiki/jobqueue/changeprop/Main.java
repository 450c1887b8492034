package org.mediawiki.jobqueue.changeprop;

import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;

/** The entry point of the jar and of the container image. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code (SPEC section 7). */
    public static void main(String[] arguments) {
        System.exit(JobQueueCommand.commandLine().execute(arguments));
    }
}
