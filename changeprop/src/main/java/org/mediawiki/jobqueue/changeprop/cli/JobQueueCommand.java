package org.mediawiki.jobqueue.changeprop.cli;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.app.Version;
import org.mediawiki.jobqueue.changeprop.cli.jobs.JobsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobqueue} itself: it only knows its commands. */
@Command(
        name = "jobqueue",
        description = "Runs MediaWiki's jobs from Kafka.",
        mixinStandardHelpOptions = true,
        versionProvider = JobQueueCommand.VersionLine.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            StandaloneCommand.class,
            RehearseCommand.class,
            CheckCommand.class,
            ConvertCommand.class,
            OffsetsCommand.class,
            JobsCommand.class,
            CompletionCommand.class
        })
public final class JobQueueCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    private JobQueueCommand() {}

    /** The command line with every command, those of other modules too. Execute it once. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new JobQueueCommand());
        ServiceLoader.load(Subcommand.class).forEach(commandLine::addSubcommand);
        return commandLine.setExecutionExceptionHandler(new JobsCommand.Refusals());
    }

    /** Without a command there is nothing to do: usage, and exit code 2. */
    @Override
    public Integer call() {
        throw new ParameterException(Subcommand.parsed(spec).commandLine(), "Missing command");
    }

    /** What {@code --version} prints. */
    static final class VersionLine implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"jobqueue " + Version.text()};
        }
    }
}
