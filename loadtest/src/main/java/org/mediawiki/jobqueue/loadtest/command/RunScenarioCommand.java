package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.mediawiki.jobqueue.loadtest.measure.Contender;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
        List<Scenario> scenarios = parsed(names, Scenarios::named);
        List<Contender> measured = parsed(contenders, Contenders::named);
        Series series = new Series(spec.commandLine().getOut(), options);
        for (int i = 0; i < names.size(); i++) {
            series.say("%s: %s", names.get(i), scenarios.get(i).about());
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : measured) {
                    series.run(names.get(i), scenarios.get(i), contender, round);
                }
            }
        }
        return series.exitCode();
    }

    private <T> List<T> parsed(List<String> texts, Function<String, T> parse) {
        try {
            return texts.stream().map(parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
