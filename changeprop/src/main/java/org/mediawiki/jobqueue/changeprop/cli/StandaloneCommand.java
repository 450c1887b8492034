package org.mediawiki.jobqueue.changeprop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.app.Standalone;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jobqueue standalone}: a whole job queue for one small wiki. Ends on a signal, after a clean drain. */
@Command(
        name = "standalone",
        description = "Runs a whole job queue for one small wiki: the service, its intake and a Kafka of its own.",
        mixinStandardHelpOptions = true)
public final class StandaloneCommand implements Subcommand {

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration, without `kafka`.")
    private Path file = Path.of("");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (!Standalone.isPossible()) {
            return Subcommand.failed(
                    spec,
                    "the jars of Kafka's server are missing here. Use bin/jobqueue of the source tree, or the"
                            + " standalone archive; the service's jar alone has `run` only");
        }
        int brokerPort = new FreePorts(new SecureRandom()).find(1).get(0);
        WatchedFile watched = new WatchedFile(
                file, ConfigurationLoader.standalone(System.getenv(), Files::isReadable, "127.0.0.1:" + brokerPort));
        return watched.load().match(loaded -> run(loaded.configuration(), brokerPort, watched), refused -> {
            print(ProblemReport.of(file.toString(), refused.problems()));
            return ExitCode.USAGE;
        });
    }

    private int run(Configuration configuration, int brokerPort, WatchedFile watched) {
        try {
            Standalone standalone = Standalone.start(configuration, brokerPort, Optional.of(watched));
            // A signal ends the JVM through this hook; its exit code, 130 or 143, is the JVM's own.
            Runtime.getRuntime().addShutdownHook(new Thread(standalone::stop, "shutdown"));
            standalone.failure().join();
            return ExitCode.SOFTWARE;
        } catch (IOException | IllegalStateException e) {
            return Subcommand.failed(spec, e);
        }
    }

    private void print(String text) {
        var err = Subcommand.parsed(spec).commandLine().getErr();
        err.print(text);
        err.flush();
    }
}
