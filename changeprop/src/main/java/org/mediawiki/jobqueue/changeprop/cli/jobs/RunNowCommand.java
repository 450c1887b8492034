package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs run-now}: what waits for a time does not wait any longer. */
@Command(
        name = "run-now",
        description = "Runs jobs now that wait for a time: some by their ids, or all of a type.",
        mixinStandardHelpOptions = true)
final class RunNowCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Sweep sweep = new Sweep();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "These.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--type", paramLabel = "TYPE", description = "All of this job type.")
    private @Nullable String type;

    @Override
    public Integer call() {
        return sweep.carryOut(connection, "scheduled/run", order(connection, ids, type), "Run now");
    }

    /** Either ids, or a type. */
    static ObjectNode order(Connection connection, List<String> ids, @Nullable String type) {
        if (ids.isEmpty() == (type == null)) {
            throw new ParameterException(connection.spec().commandLine(), "Say which: either ids or --type");
        }
        ObjectNode order = new ObjectMapper().createObjectNode();
        if (type != null) {
            return order.put("type", type);
        }
        ids.forEach(order.withArray("ids")::add);
        return order;
    }
}
