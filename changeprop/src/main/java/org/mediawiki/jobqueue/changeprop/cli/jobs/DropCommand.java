package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            ObjectNode order = RunNowCommand.order(
                    connection, choice.ids(), filter.fields().get("type"));
            return sweep.carryOut(connection, "scheduled/drop", order, "Drop");
        }
        return sweep.carryOut(connection, "dead/drop", choice.order(connection, filter), "Drop");
    }
}
