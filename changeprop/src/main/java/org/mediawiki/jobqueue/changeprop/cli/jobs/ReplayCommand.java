package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code jobqueue jobs replay}: runs dead jobs again, or tries one on another target. */
@Command(
        name = "replay",
        description = {
            "Runs dead jobs again: some by their ids, or all that match. Each is run once, whoever else replays it.",
            "With --on, sends one to another target, which runs it, and shows the answer; it stays in the list."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private DeadFilter filter = new DeadFilter();

    @Mixin
    private Sweep sweep = new Sweep();

    @Mixin
    private DeadChoice choice = new DeadChoice();

    @Option(names = "--on", paramLabel = "TARGET", description = "A target of the configuration to try one job on.")
    private @Nullable String target;

    @Override
    public Integer call() {
        if (target != null) {
            return tryOn(target);
        }
        return sweep.carryOut(connection, "dead/replay", choice.order(connection, filter), "Replay");
    }

    private int tryOn(String on) {
        boolean isFiltered = choice.isAll() || !filter.fields().isEmpty();
        if (choice.ids().size() != 1 || isFiltered || sweep.isDryRun()) {
            throw new ParameterException(
                    connection.spec().commandLine(),
                    "--on takes exactly one id, which it runs: there is no filter and no --dry-run");
        }
        ObjectNode body =
                new ObjectMapper().createObjectNode().put("target", on).put("reason", sweep.reason());
        JsonNode trial =
                connection.client().post("dead/" + ApiClient.part(choice.ids().get(0)) + "/try", body);
        connection.print(
                trial,
                trial.path("outcome").asText() + " " + trial.path("status").asText() + " after "
                        + Texts.seconds(trial.path("seconds").asDouble()) + "\n"
                        + trial.path("body").asText() + "\n");
        boolean isGood = trial.path("status").asInt() / 100 == 2;
        return isGood ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
