package org.mediawiki.jobqueue.changeprop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Loaded;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jobqueue check}: tells what is wrong with a configuration, or what it means. Connects nowhere. */
@Command(
        name = "check",
        description = "Validates a configuration and prints what would be in force for every job type.",
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Subcommand {

    /** Stands for the address of a broker that is not started here. */
    private static final String EMBEDDED = "embedded:9092";

    private final Map<String, String> variables;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration.")
    private Path file = Path.of("");

    @Option(
            names = "--skip-files",
            description = "Do not look whether certificates and keys are there: when the file is for another machine.")
    private boolean skipsFiles;

    @Option(names = "--standalone", description = "The file is one for `jobqueue standalone`, which has its own Kafka.")
    private boolean isStandalone;

    @Spec
    private @Nullable CommandSpec spec;

    /** For the environment of this process. */
    public CheckCommand() {
        this(System.getenv());
    }

    CheckCommand(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public Integer call() {
        Predicate<Path> isReadable = skipsFiles ? unusedFile -> true : Files::isReadable;
        ConfigurationLoader loader = isStandalone
                ? ConfigurationLoader.standalone(variables, isReadable, EMBEDDED)
                : new ConfigurationLoader(variables, isReadable);
        return loader.load(file).match(this::report, this::report);
    }

    private int report(Loaded loaded) {
        print(false, file + " is valid.\n\n" + CheckReport.of(new EffectiveConfig(loaded.configuration())));
        return ExitCode.OK;
    }

    private int report(Refused refused) {
        print(true, ProblemReport.of(file.toString(), refused.problems()));
        return ExitCode.USAGE;
    }

    private void print(boolean isError, String text) {
        if (spec != null) {
            var out = isError ? spec.commandLine().getErr() : spec.commandLine().getOut();
            out.print(text);
            out.flush();
        }
    }
}
