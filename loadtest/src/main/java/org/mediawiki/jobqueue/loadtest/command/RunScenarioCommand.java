package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loadtest run}: scenarios, for one or more contenders in turns, in one run. */
@Command(
        name = "run",
        description = "Runs scenarios and writes result.json and report.html. Ends with 1 where a promise was broken.",
        mixinStandardHelpOptions = true)
final class RunScenarioCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "SCENARIO", description = "Names (see list), or YAML files.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--contender",
            paramLabel = "WHO",
            description = "Who is measured; may be repeated: " + Contenders.NAMES + " (default: jobqueue).")
    private List<String> contenders = new ArrayList<>(List.of("jobqueue"));

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each runs, in turns (default: ${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Mixin
    private TrialOptions options = new TrialOptions();

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Series series = new Series(spec.commandLine().getOut(), options);
        series.run(LoadTestCommand.read(spec, () -> Plan.of(names, contenders, rounds)));
        return series.exitCode();
    }
}
