package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.AdminApi;
import org.mediawiki.jobqueue.changeprop.admin.console.ConsoleFiles;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.control.Control;

/** All that operators look at and turn, in one process. */
final class OperatorsPart {

    private final Vertx vertx;
    private final Operations operations;
    private final OwnInstance self;
    private final AdminApi api;

    /**
     * {@code configuration} is what is in force, {@code control} changes it; {@code lanes} and {@code vitals} may still
     * grow before the start.
     */
    OperatorsPart(
            Vertx vertx,
            Surroundings surroundings,
            Supplier<Configuration> configuration,
            Control control,
            List<RunningLane> lanes,
            List<Vitals> vitals,
            Refresh refresh,
            RunningScheduler scheduler,
            RunningFleet fleet,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.operations = new Operations(vertx, surroundings, configuration);
        this.self = new OwnInstance(
                vertx,
                new OwnInstance.Parts(
                        surroundings.instance(),
                        configuration,
                        lanes,
                        vitals,
                        refresh,
                        registry,
                        scheduler.waitingJobs(operations.outbox()),
                        fleet::others));
        this.api = new AdminApi(
                vertx,
                surroundings.configuration().admin(),
                new AdminApi.Ports(
                        self,
                        operations.dead(),
                        control,
                        operations.audit(),
                        surroundings.metrics().adminRefusals()));
    }

    void mount(Router router) {
        api.mount(router);
        new ConsoleFiles().mount(router);
    }

    void start() {
        operations.start();
        self.start();
    }

    Future<Void> stop() {
        self.stop();
        return api.close()
                .eventually(() -> vertx.executeBlocking(() -> {
                    operations.close();
                    return null;
                }));
    }
}
