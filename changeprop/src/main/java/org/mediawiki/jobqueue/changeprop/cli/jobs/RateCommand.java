package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs rate}: how many of a type start in a time. */
@Command(
        name = "rate",
        description = "Sets how many jobs of a type start in a time, such as 5/s, or goes back to the configuration.",
        mixinStandardHelpOptions = true)
final class RateCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions knob = new KnobOptions();

    @Parameters(index = "0", paramLabel = "TYPE", description = "The job type; low_traffic_jobs is the shared pool.")
    private String type = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "RATE", description = "Such as 5/s, 30/m or 100/h.")
    private @Nullable String rate;

    @Option(names = "--reset", description = "What the configuration says holds again.")
    private boolean reset;

    @Override
    public Integer call() {
        if (reset == (rate != null)) {
            throw new ParameterException(connection.spec().commandLine(), "Say which rate, or --reset");
        }
        String path = "types/" + ApiClient.part(type);
        return rate == null ? knob.reset(connection, path, "rate") : knob.set(connection, path, "rate", rate);
    }
}
