package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.fleet.Notes;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.Tracing;

/** The intake as a part of the service, while brokers take connections and say nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunningIntakeIT {

    private static final String JOB = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"id":"i","dt":"2026-11-22T11:20:33Z","request_id":"r",\
            "stream":"mediawiki.job.refreshLinks"},"database":"enwiki","type":"refreshLinks","params":{}}""";

    private final ServerSocket silentBroker = listen();
    private final RunningIntake intake = new RunningIntake(shared());

    @BeforeEach
    void open() throws Exception {
        done(intake.open());
    }

    @AfterEach
    void closeBroker() throws IOException {
        silentBroker.close();
    }

    /** What is closed after it would be left out where it took longer than a stop may take. */
    @Test
    void aQuestionThatBrokersDoNotAnswerDoesNotKeepItFromEnding() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + intake.port() + "/v1/events"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(JOB))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .as("its topic is still asked for")
                .isEqualTo(500);

        assertThat(intake.close().toCompletionStage().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(15));
    }

    @Test
    void whileBrokersAreSilentItIsWell() throws Exception {
        Optional<String> reason = done(intake.unhealthy());
        done(intake.close());

        assertThat(reason).isEmpty();
    }

    private SharedParts shared() {
        Configuration configuration = configuration();
        return new SharedParts(
                configuration,
                new Topics(configuration.dc(), configuration.service()),
                new QueueMetrics(new SimpleMeterRegistry(), configuration.service()),
                Tracing.open(configuration.tracing(), configuration.service(), "here"),
                "here",
                noNotes(),
                1 << 20);
    }

    private Configuration configuration() {
        String yaml = """
                kafka: {bootstrap_servers: ['127.0.0.1:%d']}
                targets: {runner: {uri: 'https://runner/'}}
                lanes: {main: {}}
                intake: {enabled: true, host: 127.0.0.1, port: 0, patience: 2s}
                """.formatted(silentBroker.getLocalPort());
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }

    /** Posts need none. */
    private static Notes noNotes() {
        return (Notes) Proxy.newProxyInstance(
                Notes.class.getClassLoader(), new Class<?>[] {Notes.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("nobody asks for notes");
                });
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
