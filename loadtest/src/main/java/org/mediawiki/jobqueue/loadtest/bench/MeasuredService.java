package org.mediawiki.jobqueue.loadtest.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.Main;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** {@code jobqueue run} as a process whose metrics and memory are looked at, and which may be killed. */
final class MeasuredService {

    /** Lets the benchmarks change something. */
    static final String TOKEN = "nobody-needs-to-guess-this-token";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int adminPort = new FreePorts(new SecureRandom()).find(1).get(0);
    private final List<String> command = new ArrayList<>();
    private final Path log;
    private @Nullable Process process;

    /** {@code keys} is more of the configuration, in YAML; everything is kept below {@code folder}. */
    MeasuredService(Path folder, List<String> jvmOptions, String bootstrapServers, StandInRunner runner, String keys)
            throws IOException {
        this.log = folder.resolve("service.log");
        Path config = Files.writeString(folder.resolve("jobqueue.yaml"), """
                kafka: {bootstrap_servers: ["%s"], own_topics: {partitions: 8, replication_factor: 1}}
                targets:
                  mw-jobrunner: {uri: "%s", tls: {ca: "%s"}}
                admin: {port: %d, token: "%s"}
                %s
                """.formatted(
                        bootstrapServers, runner.rpcUri(), runner.caFile(), adminPort, TOKEN, keys));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("run", "--config", config.toString()));
    }

    void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    void awaitReady(Duration patience) throws InterruptedException {
        await(patience, "ready", () -> status("/readyz") == 200);
    }

    /** Waits until so many jobs wait in the scheduler, or more. */
    void awaitWaiting(long count, Duration patience) throws InterruptedException {
        await(patience, count + " waiting", () -> sum("jobqueue_scheduler_depth") >= count);
    }

    /** Where its admin port is. */
    URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    /** The CPU time that the process has used. */
    Duration cpu() {
        return process == null
                ? Duration.ZERO
                : process.info().totalCpuDuration().orElseThrow();
    }

    /** Resident memory of the process now and at its most. */
    String memoryUse() {
        try (var lines = Files.lines(Path.of("/proc", pid(), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "memory unknown: " + e;
        }
    }

    private String pid() {
        return process == null ? "self" : Long.toString(process.pid());
    }

    private double sum(String metric) {
        return body("/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private int status(String path) {
        try {
            return HTTP.send(request(path), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String body(String path) {
        try {
            return HTTP.send(request(path), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    private void await(Duration patience, String what, BooleanSupplier met) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!met.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("not " + what + " after " + patience + "; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
