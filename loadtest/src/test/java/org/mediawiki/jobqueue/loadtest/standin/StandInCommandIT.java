package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.StandInRunner.done;

import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in as a process of its own, watched and told through its control port. */
final class StandInCommandIT {

    private static final Pattern READY = Pattern.compile("ready: (\\S+), control: (\\S+)");
    private static final String JOB = "{\"meta\":{\"id\":\"a\"},\"type\":\"cdnPurge\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private Path ca;
    private URI jobs;
    private URI control;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        ca = folder.resolve("ca.pem");
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandInCommand.class.getName(),
                        "--port=0",
                        "--ca-out=" + ca,
                        "--latency=cdnPurge=10ms",
                        "--fault=refreshLinks=500"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            Matcher ready = lines.lines()
                    .map(READY::matcher)
                    .filter(Matcher::find)
                    .findFirst()
                    .orElseThrow();
            jobs = URI.create(ready.group(1));
            control = URI.create(ready.group(2));
        }
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    @Test
    void runsJobsAndTellsWhatItSaw() throws Exception {
        try (JobClient client = new JobClient(ca, HttpVersion.HTTP_2)) {
            assertThat(done(client.post(jobs, JOB)).status()).isEqualTo(200);
            assertThat(done(client.post(jobs, JOB.replace("cdnPurge", "refreshLinks")))
                            .status())
                    .isEqualTo(500);
        }

        JsonObject ledger = new JsonObject(send("GET", "/ledger", "").body());
        assertThat(ledger.getInteger("requests")).isEqualTo(2);
        assertThat(ledger.getInteger("in_flight")).isZero();
        assertThat(ledger.getJsonArray("tally").getJsonObject(0).getInteger("status"))
                .isEqualTo(200);
        List<String> requests =
                send("GET", "/ledger/requests", "").body().lines().toList();
        assertThat(requests).hasSize(2);
        assertThat(new JsonObject(requests.get(0)).getString("sha256")).hasSize(64);
        assertThat(send("DELETE", "/ledger", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/ledger/requests", "").body()).isEmpty();
    }

    @Test
    void changesItsBehaviourWhileItRuns() throws Exception {
        assertThat(send("PUT", "/behaviour", "{\"answer\":\"503\",\"times\":1}").statusCode())
                .isEqualTo(204);
        assertThat(send("PUT", "/behaviour", "{\"answer\":\"maybe\"}").body()).contains("no answer: maybe");
        assertThat(send("PUT", "/behaviour", "no JSON").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/elsewhere", "").statusCode()).isEqualTo(404);

        try (JobClient client = new JobClient(ca, HttpVersion.HTTP_1_1)) {
            assertThat(done(client.post(jobs, JOB)).status()).isEqualTo(503);
            assertThat(done(client.post(jobs, JOB)).status()).isEqualTo(200);

            assertThat(send("PUT", "/listening", "false").statusCode()).isEqualTo(204);
            // The client may still find its old connection, and then that it is being closed.
            assertThat(JobClient.failureOf(client.post(jobs, JOB))).containsAnyOf("refused", "closed");
            assertThat(send("PUT", "/listening", "true").statusCode()).isEqualTo(204);
            assertThat(done(client.post(jobs, JOB)).status()).isEqualTo(200);
        }
    }

    @Test
    void stopsOnASignal() throws InterruptedException {
        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(control.resolve(path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
