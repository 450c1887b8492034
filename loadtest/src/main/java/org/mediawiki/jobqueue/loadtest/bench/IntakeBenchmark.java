package org.mediawiki.jobqueue.loadtest.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.Main;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;
import org.mediawiki.jobqueue.loadtest.bench.IntakeLoad.Latencies;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Posts to the intake at a steady pace, and how long each takes from the moment it was due. The service is a process of its
 * own that runs no lane's jobs, since its only type is paused; broker and client run in this one.
 */
@Command(
        name = "intake",
        description =
                "Posts to the intake at a steady pace. Ends with 1 where one was refused, or the p99 is too long.",
        mixinStandardHelpOptions = true)
public final class IntakeBenchmark implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private static final int DISTINCT = 2_000;

    /** What is about an event beside its parameters. */
    private static final int FRAME_BYTES = 400;

    @Option(names = "--rate", description = "Posts a second (default: ${DEFAULT-VALUE}).")
    private int rate = 2_000;

    @Option(names = "--batch", description = "Events in a post (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

    @Option(names = "--connections", description = "Kept open at most (default: ${DEFAULT-VALUE}).")
    private int connections = 100;

    @Option(names = "--bytes", description = "Size of a job's parameters (default: ${DEFAULT-VALUE}).")
    private int bytes = 1_000;

    @Option(names = "--warm-up", description = "Seconds before those that are measured (default: ${DEFAULT-VALUE}).")
    private int warmUp = 12;

    @Option(names = "--seconds", description = "Seconds that are measured (default: ${DEFAULT-VALUE}).")
    private int seconds = 30;

    @Option(names = "--p99", description = "The longest p99 that is good, in ms (default: ${DEFAULT-VALUE}).")
    private int longestMillis = 50;

    @Option(names = "--flush", description = "Whether the broker flushes before it acknowledges, as in standalone.")
    private boolean flush;

    @Option(names = "--jvm-option", description = "For the service's JVM; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));

    @Option(names = "--json", paramLabel = "FILE", description = "Where the figures go as JSON too.")
    private @Nullable Path json;

    /** Picocli's own takes its place. */
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        require("--rate", rate, Integer.MAX_VALUE);
        require("--batch", batch, DISTINCT);
        require("--connections", connections, Integer.MAX_VALUE);
        require("--seconds", seconds, Integer.MAX_VALUE);
        try (TemporaryFolder folder = TemporaryFolder.create("bench-intake")) {
            Figures figures = measure(folder.path());
            PrintWriter out = spec.commandLine().getOut();
            out.println(figures);
            out.flush();
            if (json != null) {
                JSON.writeValue(json.toFile(), figures);
            }
            return figures.good() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void require(String option, int given, int most) {
        if (given < 1 || given > most) {
            String limit = most == Integer.MAX_VALUE ? "" : ", up to " + most;
            throw new ParameterException(spec.commandLine(), option + " must be 1 or more" + limit + ", not " + given);
        }
    }

    private Figures measure(Path folder) throws IOException, InterruptedException {
        int port = new FreePorts(new SecureRandom()).find(1).get(0);
        EmbeddedKafkaOptions options =
                EmbeddedKafkaOptions.in(folder.resolve("kafka")).withFlushBeforeAck(flush);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Process service = start(folder, kafka.bootstrapServers(), port);
            try (IntakeLoad load = new IntakeLoad(port, connections, events(), batch)) {
                awaitAnswers(load);
                load.run(rate, Duration.ofSeconds(warmUp));
                Duration cpuBefore = cpu(service);
                Latencies latencies = load.run(rate, Duration.ofSeconds(seconds));
                return figures(latencies, cpu(service).minus(cpuBefore));
            } finally {
                service.destroyForcibly().waitFor();
            }
        }
    }

    private Figures figures(Latencies latencies, Duration cpu) {
        long posts = latencies.posts();
        double cpuMicros = cpu.toNanos() / 1_000.0;
        return new Figures(
                rate,
                batch,
                bytes + FRAME_BYTES,
                flush,
                posts,
                latencies.failed(),
                latencies.millis(50),
                latencies.millis(99),
                latencies.millis(99.9),
                latencies.millis(100),
                cpuMicros / (posts * (double) batch),
                cpuMicros / (seconds * 1e6),
                latencies.failed() == 0 && latencies.millis(99) < longestMillis);
    }

    /**
     * What was seen in the measured time.
     *
     * @param rate posts a second that were due
     * @param batch events in each
     * @param eventBytes of each, about
     * @param flushed whether the broker flushed before it acknowledged
     * @param posts that were sent
     * @param failed of them were not answered 201
     * @param p50 milliseconds from when a post was due to its answer; likewise the next three
     * @param cpuMicros of the service, for each event
     * @param cores that the service used
     * @param good whether none failed, and the p99 was short enough
     */
    private record Figures(
            int rate,
            int batch,
            int eventBytes,
            boolean flushed,
            long posts,
            int failed,
            double p50,
            double p99,
            double p999,
            double longest,
            double cpuMicros,
            double cores,
            boolean good) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d posts/s of %d events of %d bytes%s: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, longest %.1f ms; %d of"
                            + " %d not 201; %.0f us of CPU per event, %.2f cores: %s",
                    rate,
                    batch,
                    eventBytes,
                    flushed ? ", flushed" : "",
                    p50,
                    p99,
                    p999,
                    longest,
                    failed,
                    posts,
                    cpuMicros,
                    cores,
                    good ? "good" : "NOT GOOD");
        }
    }

    private List<Buffer> events() {
        return new JobEvents(1, Clock.systemUTC())
                .next(DISTINCT, JobShape.of("refreshLinks").withParamsBytes(bytes)).stream()
                        .map(JobEvent::bytes)
                        .toList();
    }

    private static void awaitAnswers(IntakeLoad load) {
        for (int attempt = 0; attempt < 600; attempt++) {
            if (load.isTaken()) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new IllegalStateException("the intake does not answer");
    }

    private Process start(Path folder, String bootstrapServers, int port) throws IOException {
        Path config = Files.writeString(
                folder.resolve("jobqueue.yaml"), """
                kafka: {bootstrap_servers: ["%s"], own_topics: {partitions: 1, replication_factor: 1}}
                targets: {nowhere: {uri: "http://127.0.0.1:9/"}}
                lanes: {main: {jobs: {refreshLinks: {paused: true}}}}
                scheduler: {folder: "%s"}
                intake: {enabled: true, port: %d}
                admin: {port: 0}
                """.formatted(bootstrapServers, folder.resolve("scheduler"), port));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("run", "--config", config.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
