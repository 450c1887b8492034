package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code jobqueue jobs drop}: what is not to run any more. */
@Command(
        name = "drop",
        description = "Marks dead jobs as not to be run again; with --scheduled, drops jobs that wait for a time.",
        mixinStandardHelpOptions = true)
final class DropCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private DeadFilter filter = new DeadFilter();

    @Mixin
    private Sweep sweep = new Sweep();

    @Mixin
    private DeadChoice choice = new DeadChoice();

    @Option(names = "--scheduled", description = "Jobs that wait for a time: by their ids, or all of --type.")
    private boolean scheduled;

    @Override
    public Integer call() {
        if (scheduled) {
            return sweep.carryOut(connection, "scheduled/drop", ofScheduled(), "Drop");
        }
        return sweep.carryOut(connection, "dead/drop", choice.order(connection, filter), "Drop");
    }

    /** What waits is chosen by its type alone: another filter would be passed over, and too much dropped. */
    private ObjectNode ofScheduled() {
        Map<String, String> fields = filter.fields();
        if (choice.isAll() || !Set.of("type").containsAll(fields.keySet())) {
            throw new ParameterException(
                    connection.spec().commandLine(), "--scheduled takes ids or --type, and no other filter");
        }
        return RunNowCommand.order(connection, choice.ids(), fields.get("type"));
    }
}
