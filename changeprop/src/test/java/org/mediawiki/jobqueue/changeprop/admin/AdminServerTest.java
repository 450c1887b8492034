package org.mediawiki.jobqueue.changeprop.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.metrics.Pages;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.metrics.Registries;

/** What the admin port says while a part of the service does not. */
class AdminServerTest {

    private static final AdminConfig CONFIG = new AdminConfig("127.0.0.1", 0, null, false);
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = Registries.scraped(Optional.empty(), new Pages());
    private final AdminServer server = new AdminServer(vertx, registry, CONFIG);

    /** How often each was asked. */
    private final AtomicInteger asked = new AtomicInteger();

    private final AtomicInteger refreshed = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void whatOnePartDoesNotSayHidesNothingOfTheOthers() throws Exception {
        Gauge.builder("well", refreshed, AtomicInteger::get).register(registry);
        start(List.of(
                new Part("stuck", () -> {
                    asked.incrementAndGet();
                    return Promise.<Void>promise().future();
                }),
                new Part("broken", () -> {
                    throw new IllegalStateException("it cannot say");
                }),
                new Part("failed", () -> Future.failedFuture("it does not know")),
                new Part("well", () -> {
                    refreshed.incrementAndGet();
                    return Future.succeededFuture();
                })));

        HttpResponse<String> first = get("/metrics");
        HttpResponse<String> second = get("/metrics");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body())
                .contains("well 1.0")
                .contains("jobqueue_metrics_refresh_failures_total{part=\"stuck\"} 1.0")
                .contains("jobqueue_metrics_refresh_failures_total{part=\"broken\"} 1.0")
                .contains("jobqueue_metrics_refresh_failures_total{part=\"failed\"} 1.0")
                .contains("jobqueue_metrics_refresh_failures_total{part=\"well\"} 0.0");
        assertThat(second.body())
                .contains("well 2.0")
                .contains("jobqueue_metrics_refresh_failures_total{part=\"stuck\"} 2.0");
        assertThat(asked).as("questions to one that has not answered").hasValue(1);
    }

    /** A health check has the name of its part, and of two with one name only the later would count. */
    @Test
    void twoPartsOfOneNameAreRefused() {
        List<Vitals> twins = List.of(new Part("intake", Future::succeededFuture), new Part("intake", () -> null));

        assertThatThrownBy(() -> start(twins))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("intake");
    }

    /** What is not ready may be the target's affair, or the disk's; whoever sends posts does not go by it. */
    @Test
    void itHasStartedOnceEveryPartHasWhateverIsNotReady() throws Exception {
        Starting lane = new Starting("main");
        start(List.of(lane, new Part("the fleet", Future::succeededFuture)));

        HttpResponse<String> before = get("/startedz");
        lane.started = true;

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).contains("no partitions yet");
        assertThat(get("/startedz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void whoSendsHalfARequestDoesNotHoldItsConnectionForEver() throws Exception {
        AdminServer impatient = new AdminServer(vertx, registry, CONFIG, Duration.ofMillis(200));
        start(impatient, List.of());

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
        }
    }

    private void start(List<Vitals> parts) {
        start(server, parts);
    }

    private void start(AdminServer one, List<Vitals> parts) {
        Refresh refresh = new Refresh(
                parts,
                PATIENCE,
                new QueueMetrics(registry, "cpjobqueue")
                        .refreshFailures(parts.stream().map(Vitals::name).toList()));
        one.start(parts, refresh, router -> {}).await();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What brings its meters up to date is given. */
    private record Part(String name, Supplier<Future<Void>> refresh) implements Vitals {

        @Override
        public Future<Optional<String>> unhealthy() {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Optional<String> unready() {
            return Optional.empty();
        }

        @Override
        public Future<Void> refreshMetrics() {
            return refresh.get();
        }
    }

    /** Is never ready, and starts when it is told to. */
    private static final class Starting implements Vitals {

        private final String name;
        private volatile boolean started;

        Starting(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Future<Optional<String>> unhealthy() {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Optional<String> unready() {
            return Optional.of("the target was not reached yet");
        }

        @Override
        public Optional<String> notStarted() {
            return started ? Optional.empty() : Optional.of("no partitions yet");
        }

        @Override
        public Future<Void> refreshMetrics() {
            return Future.succeededFuture();
        }
    }
}
