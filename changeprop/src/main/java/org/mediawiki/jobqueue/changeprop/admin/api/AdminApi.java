package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.resource.Resource;
import org.mediawiki.jobqueue.runner.Time;

/** The routes under {@code /api/v1}. */
public final class AdminApi {

    /** Room for ten thousand ids. */
    private static final long MOST_BODY_BYTES = 1024L * 1024;

    private static final String DESCRIPTION = "openapi.yaml";

    private final Vertx vertx;
    private final Fleetwide fleetwide;
    private final Ports ports;
    private final AdminAccess access;
    private final Time time;

    /**
     * What the API stands on.
     *
     * @param configuration what is in force; on any thread
     * @param refused counts requests that may not change anything
     */
    public record Ports(
            ThisInstance self,
            DeadJobs dead,
            Control control,
            Supplier<Configuration> configuration,
            AuditLog audit,
            Runnable refused) {}

    public AdminApi(Vertx vertx, AdminConfig config, Ports ports) {
        this.vertx = vertx;
        this.ports = ports;
        this.time = Time.of(vertx);
        this.fleetwide = new Fleetwide(vertx, ports.self());
        this.access = new AdminAccess(Optional.ofNullable(config.token()), config.protectReads(), ports.refused());
    }

    /** Adds the routes. */
    public void mount(Router router) {
        router.route("/api/*").handler(context -> {
            context.response()
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader("x-content-type-options", "nosniff");
            context.next();
        });
        Buffer description = Buffer.buffer(Resource.bytes(AdminApi.class, "/" + DESCRIPTION));
        router.get("/api/v1/" + DESCRIPTION)
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                        .end(description)
                        .onFailure(context::fail));
        router.route("/api/*").handler(fleetwide::checkAddressee);
        router.route("/api/*").handler(access::check);
        router.route("/api/*").handler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES));
        Audited audited = new Audited(vertx, ports.audit());
        DeadRoutes dead = new DeadRoutes(vertx, ports.self(), ports.dead(), audited, time);
        StatusRoutes status = new StatusRoutes(vertx, ports.self(), ports.dead(), fleetwide, time);
        status.mount(router);
        dead.mount(router);
        KnobCheck check = new KnobCheck(ports.configuration(), status::status);
        new ControlRoutes(vertx, ports.control(), check, audited, time).mount(router);
        new ScheduledRoutes(ports.self(), new ScheduledFleet(vertx, ports.self(), fleetwide), audited).mount(router);
        new StoryRoutes(vertx, ports.self(), dead, fleetwide, time).mount(router);
        new AuditRoutes(ports.audit(), access, ports.self()).mount(router);
        router.route("/api/*").failureHandler(Answers::problem);
    }

    public Future<Void> close() {
        return fleetwide.close();
    }
}
