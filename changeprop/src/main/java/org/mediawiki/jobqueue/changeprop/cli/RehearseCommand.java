package org.mediawiki.jobqueue.changeprop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.app.Rehearsal;
import org.mediawiki.jobqueue.changeprop.app.Standalone;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code jobqueue rehearse}: whether a standalone works on this machine. Leaves nothing behind. */
@Command(
        name = "rehearse",
        description = "Starts a standalone in a temporary folder, has it run one job, and stops it.",
        mixinStandardHelpOptions = true)
public final class RehearseCommand implements Subcommand {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Standalone.isPossible()) {
            return Subcommand.failed(spec, "the jars of Kafka's server are missing here");
        }
        try (TemporaryFolder folder = TemporaryFolder.create("jobqueue-rehearsal");
                Rehearsal rehearsal = new Rehearsal(folder.path())) {
            Duration took = rehearsal.run();
            PrintWriter out = Subcommand.parsed(spec).commandLine().getOut();
            out.printf(Locale.ROOT, "A job was accepted and run, %.1f s after the start.%n", took.toNanos() / NANOS);
            out.flush();
            return ExitCode.OK;
        } catch (IOException | IllegalStateException e) {
            return Subcommand.failed(spec, e);
        }
    }
}
