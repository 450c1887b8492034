package org.mediawiki.jobqueue.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/**
 * Runs the image as a pod would, by {@code image/try}: as its user, without rights, with a read-only root file system. A
 * whole queue with its own Kafka, so that the native parts of all libraries are there too. Skipped where it cannot be done.
 */
class ImageRunIT {

    private static final Path ARCHIVE = Path.of("target", "jib-image.tar").toAbsolutePath();
    private static final Path TRY = Path.of("try").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NOBODY = "65532";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> jobs = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    @BeforeEach
    void canBeRun() throws IOException {
        boolean hasJava = ImageArchive.read(ARCHIVE).files().stream()
                .anyMatch(entry -> entry.name().endsWith("opt/java/bin/java"));
        assumeTrue(hasJava, "the base has no Java in /opt/java: it is not one of image/base");
        assumeTrue(System.getProperty("user.name").equals("root"), "image/try needs root");
        Process mounts = new ProcessBuilder("unshare", "--mount", "true").start();
        assumeTrue(awaitExit(mounts) == 0, "image/try needs mounts of its own");
    }

    @Test
    void saysWhatItIs() throws IOException {
        Process process = start("--version");

        assertThat(awaitExit(process)).as(log()).isZero();
        assertThat(log()).contains("jobqueue");
    }

    @Test
    void runsAWholeQueueAsNobodyWhoCanWriteNowhere() throws Exception {
        HttpServer wiki = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        wiki.createContext("/", exchange -> {
            jobs.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        wiki.start();
        List<Integer> ports = new FreePorts(new SecureRandom()).find(2);
        int adminPort = ports.get(0);
        int intakePort = ports.get(1);
        try {
            configure(wiki.getAddress().getPort(), adminPort, intakePort);
            Process process = start("standalone", "--config", "/etc/jobqueue/jobqueue.yaml");
            try {
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> get(adminPort, "/healthz").statusCode() == 200);
                assertThat(rights(process))
                        .containsEntry("Uid", List.of(NOBODY, NOBODY, NOBODY, NOBODY))
                        .containsEntry("CapEff", List.of("0000000000000000"))
                        .containsEntry("NoNewPrivs", List.of("1"));

                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> post(intakePort).statusCode() == 201);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(jobs)
                                .anySatisfy(job -> assertThat(job).contains("\"type\":\"refreshLinks\"")));
            } finally {
                process.destroy();
            }
            assertThat(awaitExit(process)).as(log()).isEqualTo(143);
            assertThat(log().lines().filter(ImageRunIT::isMistake)).isEmpty();
        } finally {
            wiki.stop(0);
        }
    }

    /** Kafka's own client calls it an error that a topic is not there before the service has made it. */
    private static boolean isMistake(String line) {
        return (line.contains("\"log.level\":\"ERROR\"") && !line.contains("Received unknown topic error"))
                || line.contains("Read-only file system")
                || line.contains("NoClassDefFoundError");
    }

    private void configure(int wikiPort, int adminPort, int intakePort) throws IOException {
        // Nobody may read what only root can reach.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("jobqueue.yaml"), """
                targets: {wiki: {uri: 'http://127.0.0.1:%d/w/rest.php'}}
                admin: {port: %d}
                intake: {port: %d}
                """.formatted(wikiPort, adminPort, intakePort));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(TRY.toString(), ARCHIVE.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logFile().toFile());
        builder.environment().put("TRY_CONFIG", folder.toString());
        return builder.start();
    }

    /** What the kernel says of the JVM, by key. */
    private static Map<String, List<String>> rights(Process process) throws IOException {
        ProcessHandle java = process.toHandle()
                .descendants()
                .filter(handle -> handle.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
        return Files.readAllLines(Path.of("/proc", Long.toString(java.pid()), "status")).stream()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(line -> line[0], line -> List.of(line[1].split("\\s+", -1))));
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build());
    }

    private HttpResponse<String> post(int port) throws IOException, InterruptedException {
        String event = """
                {"$schema":"/mediawiki/job/1.0.0","meta":{"stream":"mediawiki.job.refreshLinks","domain":"wiki.example.org"},\
                "database":"wiki","type":"refreshLinks","params":{}}""";
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int awaitExit(Process process) {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    private Path logFile() {
        return folder.resolve("log");
    }

    private String log() throws IOException {
        return Files.readString(logFile());
    }
}
