package org.mediawiki.jobqueue.changeprop.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;

/** Serves {@code /metrics}, {@code /healthz}, {@code /readyz}, the API and the console. */
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
        // A status of 500 job types shrinks to a tenth.
        this.server = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true));
        this.health = HealthChecks.create(vertx);
        this.readiness = HealthChecks.create(vertx);
    }

    /** Begins to serve what {@code parts} tell, and what {@code more} adds; fails where the port is in use. */
    public Future<Void> start(List<Vitals> parts, Consumer<Router> more) {
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
        Router router = Router.router(vertx);
        router.get("/metrics").handler(context -> scrape(context, parts));
        router.get("/healthz").handler(context -> check(health, context));
        router.get("/readyz").handler(context -> check(readiness, context));
        more.accept(router);
        return server.requestHandler(router)
                .listen(config.port(), config.host())
                .mapEmpty();
    }

    /** The port that is listened on; only after the start. */
    public int port() {
        return server.actualPort();
    }

    private void scrape(RoutingContext context, List<Vitals> parts) {
        String accept = Optional.ofNullable(context.request().getHeader(HttpHeaders.ACCEPT))
                .orElse("text/plain");
        String contentType = accept.contains("application/openmetrics-text")
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        Future.join(parts.stream().map(Vitals::refreshMetrics).toList())
                .timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .compose(ignored -> vertx.executeBlocking(() -> registry.scrape(contentType)))
                .onComplete(
                        text -> context.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                                .end(text),
                        failure -> context.response().setStatusCode(500).end(failure.toString()));
    }

    private static void check(HealthChecks checks, RoutingContext context) {
        checks.checkStatus().onComplete(result -> {
            boolean up = result.succeeded() && CheckResult.isUp(result.result());
            JsonObject body = result.succeeded() ? result.result().toJson() : new JsonObject();
            context.response()
                    .setStatusCode(up ? 200 : 503)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(body.encodePrettily() + "\n");
        });
    }

    private static Status status(Optional<String> reason) {
        return reason.map(text -> Status.KO(new JsonObject().put("reason", text)))
                .orElseGet(Status::OK);
    }
}
