package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.admin.AdminServer;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.AdminApi;
import org.mediawiki.jobqueue.changeprop.admin.console.ConsoleFiles;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;

/** All that operators look at and turn, in one process. */
final class OperatorsPart {

    /** What a part does not say by then is told as it was; scrapers wait for 10 s by default. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final List<Vitals> vitals;
    private final Refresh refresh;
    private final Operations operations;
    private final HistoryClock history;
    private final AdminApi api;
    private final AdminServer server;

    /** {@code registry} has the meters of {@code running}; {@code live} says what is in force, and changes it. */
    OperatorsPart(
            Vertx vertx,
            SharedParts shared,
            LiveConfiguration live,
            RunningParts running,
            PrometheusMeterRegistry registry) {
        AdminConfig config = shared.configuration().admin();
        this.vertx = vertx;
        this.vitals = running.vitals();
        this.refresh = new Refresh(
                vitals,
                PATIENCE,
                shared.metrics()
                        .refreshFailures(vitals.stream().map(Vitals::name).toList()));
        this.operations = new Operations(vertx, shared, live::inForce);
        this.history = new HistoryClock(vertx, refresh, registry, live::inForce);
        OwnInstance self = new OwnInstance(
                vertx,
                new OwnInstance.Parts(
                        shared.instance(),
                        live::inForce,
                        live::notices,
                        running,
                        new OwnInstance.Meters(registry, refresh, history.history()),
                        running.scheduler().waitingJobs(operations.outbox())));
        this.api = new AdminApi(
                vertx,
                config,
                new AdminApi.Ports(
                        self,
                        operations.dead(),
                        live.control(),
                        live::inForce,
                        operations.audit(),
                        shared.metrics().adminRefusals()));
        this.server = new AdminServer(vertx, registry, config);
    }

    /** Begins to answer; fails where the port is in use. */
    Future<Void> listen() {
        return server.start(vitals, refresh, this::mount);
    }

    private void mount(Router router) {
        api.mount(router);
        new ConsoleFiles().mount(router);
    }

    /** The port that is listened on; only then. */
    int port() {
        return server.port();
    }

    /** Begins to read what operators did, and to remember. */
    void start() {
        operations.start();
        history.start();
    }

    /** The port stays open until Vert.x is closed: health is asked to the end. */
    Future<Void> stop() {
        history.stop();
        return api.close()
                .eventually(() -> vertx.executeBlocking(() -> {
                    operations.close();
                    return null;
                }));
    }
}
