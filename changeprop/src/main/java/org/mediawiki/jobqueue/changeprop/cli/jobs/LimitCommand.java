package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs limit}: how many of a type run at once. */
@Command(
        name = "limit",
        description = "Sets how many jobs of a type run at once in the whole fleet, or goes back to the configuration.",
        mixinStandardHelpOptions = true)
final class LimitCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions knob = new KnobOptions();

    @Parameters(index = "0", paramLabel = "TYPE", description = "The job type; low_traffic_jobs is the shared pool.")
    private String type = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "N", description = "At once, 1 to 100000.")
    private @Nullable Integer limit;

    @Option(names = "--reset", description = "What the configuration says holds again.")
    private boolean reset;

    @Override
    public Integer call() {
        if (reset == (limit != null)) {
            throw new ParameterException(connection.spec().commandLine(), "Say how many, or --reset");
        }
        String path = "types/" + ApiClient.part(type);
        return limit == null
                ? knob.reset(connection, path, "concurrency")
                : knob.set(connection, path, "concurrency", limit);
    }
}
