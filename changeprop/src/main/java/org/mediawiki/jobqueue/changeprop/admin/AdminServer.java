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
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;

/** Serves {@code /metrics}, {@code /healthz}, {@code /readyz}, {@code /startedz}, the API and the console. */
public final class AdminServer {

    /** A part that does not answer for so long is not healthy. */
    private static final long CHECK_TIMEOUT_MILLIS = 5_000;

    /**
     * So long a connection may be silent: the longest answer, that of a dead job that is tried on a target, may take two
     * minutes and the time to connect. Whoever sends half a request, or is gone without a word, holds it no longer.
     */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(150);

    private final Vertx vertx;
    private final PrometheusMeterRegistry registry;
    private final AdminConfig config;
    private final HttpServer server;
    private final HealthChecks health;
    private final HealthChecks readiness;
    private final HealthChecks starts;

    public AdminServer(Vertx vertx, PrometheusMeterRegistry registry, AdminConfig config) {
        this(vertx, registry, config, IDLE_TIMEOUT);
    }

    /** With another time for which a connection may be silent. */
    AdminServer(Vertx vertx, PrometheusMeterRegistry registry, AdminConfig config, Duration idleTimeout) {
        this.vertx = vertx;
        this.registry = registry;
        this.config = config;
        // A status of 500 job types shrinks to a tenth.
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setCompressionSupported(true)
                .setIdleTimeout((int) idleTimeout.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true));
        this.health = HealthChecks.create(vertx);
        this.readiness = HealthChecks.create(vertx);
        this.starts = HealthChecks.create(vertx);
    }

    /**
     * Begins to serve what {@code parts} tell, and what {@code more} adds; fails where the port is in use.
     *
     * @param refresh comes before each answer of {@code /metrics}
     * @throws IllegalArgumentException where two parts have the same name: one would answer for both
     */
    public Future<Void> start(List<Vitals> parts, Refresh refresh, Consumer<Router> more) {
        Set<String> names = new HashSet<>();
        for (Vitals part : parts) {
            if (!names.add(part.name())) {
                throw new IllegalArgumentException("two parts are called " + part.name());
            }
            health.register(
                    part.name(),
                    CHECK_TIMEOUT_MILLIS,
                    answer -> part.unhealthy()
                            .onComplete(
                                    reason -> answer.complete(status(reason)),
                                    bug -> answer.complete(status(Optional.of(bug.toString())))));
            readiness.register(part.name(), CHECK_TIMEOUT_MILLIS, answer -> answer.complete(status(part.unready())));
            starts.register(part.name(), CHECK_TIMEOUT_MILLIS, answer -> answer.complete(status(part.notStarted())));
        }
        Router router = Router.router(vertx);
        router.get("/metrics").handler(new MetricsPage(vertx, registry, refresh));
        router.get("/healthz").handler(context -> check(health, context));
        router.get("/readyz").handler(context -> check(readiness, context));
        router.get("/startedz").handler(context -> check(starts, context));
        more.accept(router);
        return server.requestHandler(router)
                .listen(config.port(), config.host())
                .mapEmpty();
    }

    /** The port that is listened on; only after the start. */
    public int port() {
        return server.actualPort();
    }

    /** Stops to listen. Else that comes with the end of Vert.x. */
    public Future<Void> stop() {
        return server.close();
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
