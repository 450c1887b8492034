package org.mediawiki.jobqueue.loadtest.command;

import java.util.function.Supplier;
import org.mediawiki.jobqueue.loadtest.bench.ConsoleBenchmark;
import org.mediawiki.jobqueue.loadtest.bench.DeadJobsBenchmark;
import org.mediawiki.jobqueue.loadtest.bench.IntakeBenchmark;
import org.mediawiki.jobqueue.loadtest.bench.WaitingBenchmark;
import org.mediawiki.jobqueue.loadtest.log.LogFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** {@code loadtest}, which does nothing without a subcommand. */
@Command(
        name = "loadtest",
        description = "Checks on this machine what this project claims, of itself and of other dispatchers.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunScenarioCommand.class,
            SuiteCommand.class,
            ListCommand.class,
            CompareCommand.class,
            ChaosCommand.class,
            IntakeBenchmark.class,
            WaitingBenchmark.class,
            DeadJobsBenchmark.class,
            ConsoleBenchmark.class
        })
public final class LoadTestCommand implements Runnable {

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        CommandLine line = commandLine();
        line.setExecutionStrategy(LoadTestCommand::withLogFile);
        System.exit(line.execute(arguments));
    }

    /** Where results have a folder, the log of this process, and so of its broker, goes there too. */
    static int withLogFile(ParseResult command) {
        ParseResult last = command.hasSubcommand() ? command.subcommand() : command;
        if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
            return new RunLast().execute(command);
        }
        for (CommandSpec mixin : last.commandSpec().mixins().values()) {
            if (mixin.userObject() instanceof TrialOptions options) {
                LogFile.writeTo(options.output().resolve("loadtest.log"));
            }
        }
        return new RunLast().execute(command);
    }

    /** With all subcommands; it ends with 1 where a command fails, and says why. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LoadTestCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("loadtest: " + failure);
            command.getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    /** What {@code read} makes of what {@code spec} was given; what it does not know is the user's mistake. */
    static <T> T read(CommandSpec spec, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
