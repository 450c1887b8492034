package org.mediawiki.jobqueue.changeprop.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code jobqueue completion}: what a shell needs to complete the commands. */
@Command(
        name = "completion",
        description = "Prints a script with which bash and zsh complete the commands: source <(jobqueue completion).",
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Subcommand {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Subcommand.parsed(spec);
        var out = command.commandLine().getOut();
        out.print(AutoComplete.bash("jobqueue", command.root().commandLine()));
        out.flush();
        return ExitCode.OK;
    }
}
