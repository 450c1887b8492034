package org.mediawiki.jobqueue.changeprop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobqueue run}: the service. Ends on a signal, after a clean drain, or when a lane cannot go on. */
@Command(
        name = "run",
        description = "Runs the service until it is stopped by a signal.",
        mixinStandardHelpOptions = true)
public final class RunCommand implements Subcommand {

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration.")
    private Path file = Path.of("");

    @Option(
            names = "--lane",
            paramLabel = "NAME",
            description = "Runs only this lane; may be repeated. Without it every lane runs.")
    private List<String> lanes = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        WatchedFile watched = new WatchedFile(file, new ConfigurationLoader(System.getenv(), Files::isReadable));
        return watched.load()
                .match(loaded -> run(loaded.configuration(), watched), refused -> report(refused.problems()));
    }

    private int run(Configuration configuration, WatchedFile watched) {
        Set<String> known = configuration.lanes().keySet();
        for (String lane : lanes) {
            if (!known.contains(lane)) {
                throw new ParameterException(
                        Subcommand.parsed(spec).commandLine(), "No lane " + lane + ", only " + known);
            }
        }
        Service service;
        try {
            Reload.Lanes running = lanes.isEmpty() ? Reload.Lanes.allOf(configuration) : Reload.Lanes.only(lanes);
            service = Service.open(configuration, running, Optional.of(watched));
        } catch (IllegalStateException e) {
            return Subcommand.failed(spec, e);
        }
        // A signal ends the JVM through this hook; its exit code, 130 or 143, is the JVM's own.
        Runtime.getRuntime().addShutdownHook(new Thread(service::stop, "shutdown"));
        service.begin();
        service.failure().join();
        return ExitCode.SOFTWARE;
    }

    private int report(List<Problem> problems) {
        var err = Subcommand.parsed(spec).commandLine().getErr();
        err.print(ProblemReport.of(file.toString(), problems));
        err.flush();
        return ExitCode.USAGE;
    }
}
