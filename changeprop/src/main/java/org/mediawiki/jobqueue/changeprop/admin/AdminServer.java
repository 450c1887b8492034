package org.mediawiki.jobqueue.changeprop.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;

/** Serves {@code /metrics}, {@code /healthz} and {@code /readyz}. */
public final class AdminServer {

    /** A part that does not answer for so long is not healthy. */
    private static final long CHECK_TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final PrometheusMeterRegistry registry;
    private final AdminConfig config;
    private final HttpServer server;
    private final HealthChecks health;
    private final HealthChecks readiness;

    public AdminServer(Vertx vertx, PrometheusMeterRegistry registry, AdminConfig config) {
        this.vertx = vertx;
        this.registry = registry;
        this.config = config;
        this.server = vertx.createHttpServer();
        this.health = HealthChecks.create(vertx);
        this.readiness = HealthChecks.create(vertx);
    }

    /** Begins to serve what {@code parts} tell; fails where the port is in use. */
    public Future<Void> start(List<Vitals> parts) {
        for (Vitals part : parts) {
            health.register(
                    part.name(),
                    CHECK_TIMEOUT_MILLIS,
                    answer -> part.unhealthy()
                            .onComplete(
                                    reason -> answer.complete(status(reason)),
                                    bug -> answer.complete(status(Optional.of(bug.toString())))));
            readiness.register(part.name(), CHECK_TIMEOUT_MILLIS, answer -> answer.complete(status(part.unready())));
        }
        return server.requestHandler(request -> route(request, parts))
                .listen(config.port(), config.host())
                .mapEmpty();
    }

    /** The port that is listened on; only after the start. */
    public int port() {
        return server.actualPort();
    }

    private void route(HttpServerRequest request, List<Vitals> parts) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .setStatusCode(405)
                    .putHeader(HttpHeaders.ALLOW, "GET, HEAD")
                    .end();
            return;
        }
        switch (request.path()) {
            case "/metrics" -> scrape(request, parts);
            case "/healthz" -> check(health, request.response());
            case "/readyz" -> check(readiness, request.response());
            default -> request.response().setStatusCode(404).end("Try /metrics, /healthz or /readyz\n");
        }
    }

    private void scrape(HttpServerRequest request, List<Vitals> parts) {
        String accept =
                Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT)).orElse("text/plain");
        String contentType = accept.contains("application/openmetrics-text")
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        Future.join(parts.stream().map(Vitals::refreshMetrics).toList())
                .timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .compose(ignored -> vertx.executeBlocking(() -> registry.scrape(contentType)))
                .onComplete(
                        text -> request.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                                .end(text),
                        failure -> request.response().setStatusCode(500).end(failure.toString()));
    }

    private static void check(HealthChecks checks, HttpServerResponse response) {
        checks.checkStatus().onComplete(result -> {
            boolean up = result.succeeded() && CheckResult.isUp(result.result());
            JsonObject body = result.succeeded() ? result.result().toJson() : new JsonObject();
            response.setStatusCode(up ? 200 : 503)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(body.encodePrettily() + "\n");
        });
    }

    private static Status status(Optional<String> reason) {
        return reason.map(text -> Status.KO(new JsonObject().put("reason", text)))
                .orElseGet(Status::OK);
    }
}
