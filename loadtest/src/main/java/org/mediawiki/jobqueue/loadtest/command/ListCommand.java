package org.mediawiki.jobqueue.loadtest.command;

import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code loadtest list}. */
@Command(name = "list", description = "Lists the scenarios.", mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        for (String name : Scenarios.names()) {
            spec.commandLine()
                    .getOut()
                    .printf("%-18s %s%n", name, Scenarios.named(name).about());
        }
        spec.commandLine().getOut().flush();
    }
}
