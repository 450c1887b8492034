package org.mediawiki.jobqueue.loadtest.command;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.loadtest.scenario.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loadtest suite}: scenarios that answer a question together, and a table of what came out. */
@Command(
        name = "suite",
        description = {
            "Runs a suite of scenarios; writes result.json, report.html and, as Markdown, table.md.",
            "Ends with 1 where a promise was broken."
        },
        mixinStandardHelpOptions = true)
final class SuiteCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "SUITE",
            description = "A name (see list), or a YAML file (default: ${DEFAULT-VALUE}).",
            defaultValue = "short")
    private String name = "short";

    @Mixin
    private TrialOptions options = new TrialOptions();

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Series series = new Series(spec.commandLine().getOut(), options);
        // All of them before the first begins: what is wrong is told at once.
        for (Plan plan : LoadTestCommand.read(spec, this::plans)) {
            series.run(plan);
        }
        String table = series.table();
        series.say("%n%s", table);
        Files.writeString(options.output().resolve("table.md"), table);
        return series.exitCode();
    }

    private List<Plan> plans() {
        return Suite.named(name).parts().stream()
                .map(part -> Plan.of(part.scenarios(), part.contenders(), part.rounds()))
                .toList();
    }
}
