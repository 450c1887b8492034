package org.mediawiki.jobqueue.changeprop.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command that another module adds to {@code jobqueue}, found by {@link java.util.ServiceLoader}. Its class carries
 * picocli's {@code @Command} with a name. {@link #call} does the work on the main thread and returns the exit code.
 */
public interface Subcommand extends Callable<Integer> {

    /**
     * What picocli has put into a command's {@code @Spec}.
     *
     * @throws IllegalStateException where it has not: the command was made by hand
     */
    static CommandSpec parsed(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli has not parsed anything");
        }
        return spec;
    }

    /** As the other, by what an exception and its causes say. */
    static int failed(@Nullable CommandSpec spec, Exception failure) {
        return failed(spec, Causes.inOneLine(failure));
    }

    /** Says on the command's error output why it failed, behind its name. Returns the exit code. */
    static int failed(@Nullable CommandSpec spec, String why) {
        CommandSpec command = parsed(spec);
        PrintWriter err = command.commandLine().getErr();
        err.println("jobqueue " + command.name() + ": " + why);
        err.flush();
        return ExitCode.SOFTWARE;
    }
}
