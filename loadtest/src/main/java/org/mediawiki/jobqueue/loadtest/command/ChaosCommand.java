package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;
import org.mediawiki.jobqueue.loadtest.scenario.Chaos;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loadtest chaos}: misfortunes from a seed. */
@Command(
        name = "chaos",
        description = {
            "Three brokers, three instances, and something that breaks every few seconds, drawn from a seed.",
            "Ends with 1 where a promise was broken: the same seed and time bring the same misfortunes again."
        },
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "Of what happens (default: drawn, and told).")
    private long seed = System.nanoTime() & 0xFFFF;

    private Duration length = Duration.ofMinutes(5);

    @Mixin
    private TrialOptions options = new TrialOptions();

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--for", paramLabel = "TIME", description = "For how long, 30s or more (default: 5m).")
    void length(String text) {
        try {
            length = Durations.parse(text);
            // So that what cannot be is refused while the command line is read.
            Chaos.of(0, length);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--for: " + e.getMessage(), e);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Series series = new Series(spec.commandLine().getOut(), options);
        series.run("chaos-" + seed, Chaos.of(seed, length), Contenders.named("jobqueue"), 1);
        return series.exitCode();
    }
}
