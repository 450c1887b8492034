package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs resume}: what was paused starts again. */
@Command(
        name = "resume",
        description = {
            "Lets jobs start again. What an operator paused goes back to the configuration;",
            "what the configuration pauses is overridden."
        },
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {

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
        String path = PauseCommand.path(lane, name);
        Optional<JsonNode> present = KnobOptions.present(connection, lane ? "lane" : "type", name, "paused");
        boolean isPaused =
                present.map(override -> override.path("value").asBoolean()).orElse(false);
        return isPaused ? knob.reset(connection, path, "paused") : knob.set(connection, path, "paused", false);
    }
}
