package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.cli.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code jobqueue jobs}: it only knows its commands, and what a refusal looks like. */
@Command(
        name = "jobs",
        description = "Looks at jobs, and turns what can be turned, over the admin port of a running service.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "The token for changes comes from JOBQUEUE_ADMIN_TOKEN; --token is seen in every list of processes.",
            "Exit codes: 0 done, 1 not done or not wholly, 2 bad usage."
        },
        subcommands = {
            ListCommand.class,
            LimitCommand.class,
            RateCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            DeadCommand.class,
            ReplayCommand.class,
            DropCommand.class,
            ScheduledCommand.class,
            RunNowCommand.class,
            StoryCommand.class,
            AuditCommand.class
        })
public final class JobsCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    /** Without a command there is nothing to do: usage, and exit code 2. */
    @Override
    public Integer call() {
        throw new ParameterException(Subcommand.parsed(spec).commandLine(), "Missing command");
    }

    /** Tells of a refusal in a line, and passes on everything else. */
    public static final class Refusals implements IExecutionExceptionHandler {

        @Override
        public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed)
                throws Exception {
            if (failure instanceof ApiClient.Refused refused) {
                commandLine.getErr().println(Texts.lines("jobqueue: " + refused.getMessage()));
                commandLine.getErr().flush();
                return ExitCode.SOFTWARE;
            }
            throw failure;
        }
    }
}
