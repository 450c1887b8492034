package org.mediawiki.jobqueue.loadtest.command;

import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import org.mediawiki.jobqueue.loadtest.scenario.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code loadtest list}. */
@Command(name = "list", description = "Lists the scenarios and suites.", mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Scenarios.names().forEach(name -> line(name, Scenarios.named(name).about()));
        spec.commandLine().getOut().printf("%nsuites, of several scenarios:%n");
        Suite.names().forEach(name -> line(name, Suite.named(name).about()));
        spec.commandLine().getOut().flush();
    }

    private void line(String name, String about) {
        spec.commandLine().getOut().printf("%-18s %s%n", name, about);
    }
}
