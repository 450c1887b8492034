package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.changeprop.kafka.BootstrapNames;

/** A start before any name of a broker resolves. */
class BeforeKafkaTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final int port = new FreePorts(new SecureRandom()).find(1).get(0);
    private final AtomicBoolean isKnown = new AtomicBoolean();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void whoeverFindsANameWaitsForNothing() {
        isKnown.set(true);

        before(Duration.ofDays(1)).await();
    }

    @Test
    void itWaitsUntilANameResolvesAndTellsHealthMeanwhile() throws Exception {
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> before(SOON).await());
        await().atMost(PATIENCE).ignoreExceptions().until(() -> get("/healthz").statusCode() == 200);

        assertThat(get("/startedz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).contains("kafka1:9092, kafka2:9092");
        assertThat(waiting).isNotDone();

        isKnown.set(true);

        waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).as("the service can have the port").isTrue();
        }
    }

    @Test
    void aPortThatIsInUseIsSaidAtOnce() throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> before(SOON).await())
                    .hasMessage("the admin server cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void whoeverIsInterruptedWaitsNoLonger() throws InterruptedException {
        AtomicReference<Throwable> ending = new AtomicReference<>();
        Thread waiting = new Thread(() -> before(Duration.ofDays(1)).await());
        waiting.setUncaughtExceptionHandler((thread, failure) -> ending.set(failure));
        waiting.start();

        waiting.interrupt();

        waiting.join(PATIENCE.toMillis());
        assertThat(ending.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("interrupted");
    }

    @Test
    void whoeverIsClosedWaitsNoLonger() {
        BeforeKafka before = before(Duration.ofDays(1));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(before::await);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> get("/healthz").statusCode() == 200);

        before.close();

        assertThat(waiting)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("closed while no name of kafka.bootstrap_servers resolved");
    }

    private BeforeKafka before(Duration backoff) {
        return new BeforeKafka(
                vertx,
                new AdminConfig("127.0.0.1", port, null, false),
                new BootstrapNames(List.of("kafka1:9092", "kafka2:9092"), host -> isKnown.get()),
                backoff);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
