package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs replay}: runs dead jobs again, or tries one on another target. */
@Command(
        name = "replay",
        description = {
            "Runs dead jobs again: some by their ids, or all that match. Each is run once, whoever else replays it.",
            "With --on, sends one to another target and shows the answer; it stays dead."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private DeadFilter filter = new DeadFilter();

    @Mixin
    private Sweep sweep = new Sweep();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "These, such as 3-1204.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Every dead job.")
    private boolean all;

    @Option(names = "--on", paramLabel = "TARGET", description = "A target of the configuration to try one job on.")
    private @Nullable String target;

    @Override
    public Integer call() {
        if (target != null) {
            return tryOn(target);
        }
        return sweep.carryOut(connection, "dead/replay", order(connection, ids, filter, all), "Replay");
    }

    /** Either ids, or a filter; a filter that says nothing only where that is meant. */
    static ObjectNode order(Connection connection, List<String> ids, DeadFilter filter, boolean all) {
        ObjectNode order = new ObjectMapper().createObjectNode();
        boolean isFiltered = !filter.fields().isEmpty();
        if (ids.isEmpty() && !isFiltered && !all) {
            throw new ParameterException(
                    connection.spec().commandLine(), "Say which: ids, a filter such as --type, or --all");
        } else if (!ids.isEmpty() && (isFiltered || all)) {
            throw new ParameterException(connection.spec().commandLine(), "Either ids or a filter, not both");
        } else if (ids.isEmpty()) {
            ObjectNode fields = order.putObject("filter");
            filter.fields().forEach(fields::put);
        } else {
            ids.forEach(order.withArray("ids")::add);
        }
        return order;
    }

    private int tryOn(String on) {
        if (ids.size() != 1) {
            throw new ParameterException(connection.spec().commandLine(), "--on takes exactly one id");
        }
        ObjectNode body = new ObjectMapper().createObjectNode().put("target", on);
        JsonNode trial = connection.client().post("dead/" + ApiClient.part(ids.get(0)) + "/try", body);
        connection.print(
                trial,
                trial.path("outcome").asText() + " " + trial.path("status").asText() + " after "
                        + Texts.seconds(trial.path("seconds").asDouble()) + "\n"
                        + trial.path("body").asText() + "\n");
        boolean isGood = trial.path("status").asInt() / 100 == 2;
        return isGood ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
