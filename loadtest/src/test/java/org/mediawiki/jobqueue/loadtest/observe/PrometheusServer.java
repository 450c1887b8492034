package org.mediawiki.jobqueue.loadtest.observe;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/** A real Prometheus on the loopback interface that scrapes one service twice a second. */
public final class PrometheusServer implements AutoCloseable {

    /** The scrape's label {@code job}. */
    public static final String JOB = "jobqueue";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private PrometheusServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that scrapes {@code adminPort}; skips the test where Prometheus is not installed. */
    public static PrometheusServer scraping(Path folder, int adminPort) {
        Path program = Promtool.installed("prometheus");
        int port = new FreePorts(new SecureRandom()).find(1).get(0);
        try {
            Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                    global: {scrape_interval: 500ms, scrape_timeout: 500ms}
                    scrape_configs:
                      - job_name: %s
                        static_configs: [{targets: ["127.0.0.1:%d"]}]
                    """.formatted(JOB, adminPort));
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--enable-feature=exemplar-storage",
                            "--log.level=error")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            PrometheusServer server = new PrometheusServer(process, port);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> server.ask("up").size() == 1);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the query results in now: its samples. */
    public JsonNode ask(String query) {
        return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .at("/data/result");
    }

    /** The exemplars of the series that {@code selector} matches. */
    public JsonNode exemplars(String selector) {
        return get("/api/v1/query_exemplars?start=0&end=9999999999&query="
                        + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .at("/data");
    }

    private JsonNode get(String pathAndQuery) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
                    .timeout(PATIENCE)
                    .build();
            JsonNode answer = new ObjectMapper()
                    .readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
            if (!answer.get("status").asText().equals("success")) {
                throw new AssertionError(pathAndQuery + ": " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
