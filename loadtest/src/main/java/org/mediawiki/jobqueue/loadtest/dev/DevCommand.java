package org.mediawiki.jobqueue.loadtest.dev;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.cli.Subcommand;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.loadtest.log.LogFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jobqueue dev}: the whole job queue on this machine, with jobs that come by themselves. Ends on a signal. */
@Command(
        name = "dev",
        description = "Runs everything on this machine: Kafka, a stand-in job runner, the service, and some jobs.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class DevCommand implements Subcommand {

    private static final double MOST_PER_SECOND = 5_000;
    private static final int HIGHEST_PORT = 65_535;

    @Option(names = "--rate", paramLabel = "N", description = "Jobs per second, 0 to 5000.")
    private double rate = 20;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where Kafka keeps its data, to go on with them the next time; else a temporary folder.")
    private @Nullable Path data;

    @Option(names = "--runner-port", paramLabel = "PORT", description = "Of the stand-in job runner.")
    private int runnerPort = 4448;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "Of the service's console, API, metrics and health.")
    private int adminPort = 9102;

    @Option(
            names = "--intake-port",
            paramLabel = "PORT",
            description = "For posts of MediaWiki's EventBus extension; 0 takes a free one.")
    private int intakePort = 8192;

    @Option(names = "--kafka-port", paramLabel = "PORT", description = "Of the embedded Kafka; 0 takes a free one.")
    private int kafkaPort = 0;

    /** Longer than any terminal stays open. */
    private Duration time = Duration.ofDays(36_500);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "Ends by itself after this time, such as 30s or 5m; else runs until it is stopped.")
    void endAfter(String text) {
        try {
            time = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Subcommand.parsed(spec).commandLine(), "--for " + e.getMessage(), e);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!(rate >= 0 && rate <= MOST_PER_SECOND)) {
            throw new ParameterException(
                    Subcommand.parsed(spec).commandLine(), "--rate must be 0 to 5000, but is " + rate);
        }
        ports().forEach(this::requirePort);
        Optional<String> taken = takenPort();
        if (taken.isPresent()) {
            return Subcommand.failed(spec, taken.get());
        }
        DataFolder folder = DataFolder.open(Optional.ofNullable(data));
        DevOptions options = new DevOptions(folder.path(), runnerPort, adminPort, intakePort, kafkaPort, rate);
        LogFile.writeTo(options.log());
        Closings closings = new Closings();
        closings.add(folder::leave);
        Runtime.getRuntime().addShutdownHook(new Thread(closings::close, "shutdown"));
        return run(options, folder, closings);
    }

    private int run(DevOptions options, DataFolder folder, Closings closings) {
        PrintWriter out = Subcommand.parsed(spec).commandLine().getOut();
        Display display = new Display(out, Boolean.getBoolean("jobqueue.terminal"));
        display.say("Starting Kafka, a stand-in job runner and the service ...");
        closings.add(() -> display.say("Stopped."));
        try {
            DevStack stack = DevStack.start(options, closings);
            display.say(addresses(stack, folder));
            Watch watch = new Watch(stack, display::show);
            closings.add(() -> {
                watch.close();
                display.say("\nStopping: jobs that run may finish ...");
            });
            return stack.failure()
                    .thenApply(reason -> Subcommand.failed(spec, "the service cannot go on: " + reason))
                    .completeOnTimeout(ExitCode.OK, time.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (IOException | IllegalStateException e) {
            return Subcommand.failed(spec, e.getMessage() + "; see " + options.log());
        }
    }

    private static String addresses(DevStack stack, DataFolder folder) {
        return """

                  console  %s/   (the token for changes is: dev)
                  intake   %s
                  runner   %s
                  kafka    %s
                  data     %s

                Jobs are coming; a few fail on purpose. Ctrl-C stops.
                """.formatted(
                        stack.adminAddress(),
                        stack.intakeAddress(),
                        stack.runnerAddress(),
                        stack.bootstrapServers(),
                        folder.description());
    }

    /** By their options. */
    private Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--runner-port", runnerPort);
        ports.put("--admin-port", adminPort);
        ports.put("--intake-port", intakePort);
        ports.put("--kafka-port", kafkaPort);
        return ports;
    }

    private void requirePort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new ParameterException(
                    Subcommand.parsed(spec).commandLine(), option + " must be 0 to 65535, but is " + port);
        }
    }

    /** Looked at beforehand, to tell which option helps; whoever takes a port after that meets the part's own error. */
    private Optional<String> takenPort() {
        return ports().entrySet().stream()
                .filter(port -> !isFree(port.getValue()))
                .findFirst()
                .map(port -> "port " + port.getValue() + " is in use; choose another with " + port.getKey());
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
