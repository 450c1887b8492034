package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs pause}: nothing of a type, or a lane, starts. */
@Command(
        name = "pause",
        description = "Lets no job of a type start, in the whole fleet; what runs goes on to its end.",
        mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions knob = new KnobOptions();

    @Parameters(paramLabel = "NAME", description = "The job type, or with --lane the lane.")
    private String name = "";

    @Option(names = "--lane", description = "A whole lane.")
    private boolean lane;

    @Override
    public Integer call() {
        return knob.set(connection, path(lane, name), "paused", true);
    }

    static String path(boolean lane, String name) {
        return (lane ? "lanes/" : "types/") + ApiClient.part(name);
    }
}
