package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.mediawiki.jobqueue.changeprop.app.Shutdown.Stage;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.control.Channel;
import org.mediawiki.jobqueue.changeprop.kafka.BootstrapNames;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.metrics.Pages;
import org.mediawiki.jobqueue.changeprop.metrics.ProcessMeters;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.metrics.Registries;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.Tracing;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Opens the parts of a service, in the order in which they need each other, and tells the shutdown of each. Used once, by
 * whoever opens the service; blocks.
 */
final class Assembly {

    /** The part of the heap that open records may fill; the rest is for Kafka's buffers, HTTP and metrics. */
    private static final int HEAP_SHARES = 5;

    private final Vertx vertx;
    private final Configuration configuration;
    private final Reload.Lanes lanes;
    private final Shutdown shutdown;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /** {@code lanes} are those to run in this process. */
    Assembly(Vertx vertx, Configuration configuration, Reload.Lanes lanes, Shutdown shutdown) {
        this.vertx = vertx;
        this.configuration = configuration;
        this.lanes = lanes;
        this.shutdown = shutdown;
    }

    /**
     * What a service consists of.
     *
     * @param instance its name
     * @param failure completes with the reason when a lane cannot go on
     */
    record Assembled(
            String instance,
            RunningParts running,
            LiveConfiguration live,
            OperatorsPart operators,
            CompletableFuture<Throwable> failure) {}

    /** {@code file} is where the configuration was read from. */
    Assembled open(Optional<WatchedFile> file) {
        shutdown.add(Stage.LOOPS, () -> vertx.close().toCompletionStage());
        BootstrapNames names = BootstrapNames.of(configuration.kafka());
        try (BeforeKafka before = new BeforeKafka(vertx, configuration.admin(), names, BeforeKafka.BACKOFF)) {
            before.await();
        }
        InstanceName instance = InstanceName.of(configuration);
        shutdown.add(Stage.PROCESS, inPlace(instance::close));
        instance.keepFresh(vertx);
        Tracing tracing = Tracing.open(configuration.tracing(), configuration.service(), instance.value());
        shutdown.add(Stage.PROCESS, inPlace(tracing::close));
        Pages pages = new Pages();
        PrometheusMeterRegistry registry = registry(tracing, pages);
        QueueMetrics metrics = new QueueMetrics(registry, pages, configuration.service());
        keepSeries(configuration, metrics);
        Topics topics = new Topics(configuration.dc(), configuration.service());
        RunningFleet fleet = new RunningFleet(vertx, configuration, topics, metrics, instance.value());
        shutdown.add(Stage.FLEET, blocking(fleet::close));
        SharedParts shared = new SharedParts(
                configuration, topics, metrics, tracing, instance.value(), fleet.notes(), bytesPerLane());
        RunningParts running = running(shared, fleet);
        LiveConfiguration live = live(file, shared, running);
        OperatorsPart operators = new OperatorsPart(vertx, shared, live, running, registry);
        shutdown.add(Stage.OPERATORS, () -> operators.stop().toCompletionStage());
        AdminConfig at = configuration.admin();
        Opening.await(Opening.listening(operators.listen(), "the admin server", at.host(), at.port()));
        return new Assembled(instance.value(), running, live, operators, failure);
    }

    private PrometheusMeterRegistry registry(Tracing tracing, Pages pages) {
        PrometheusMeterRegistry registry = Registries.scraped(tracing.exemplars(), pages);
        ProcessMeters meters = ProcessMeters.bindTo(registry, Version.text());
        shutdown.add(Stage.PROCESS, inPlace(meters::close));
        return registry;
    }

    private long bytesPerLane() {
        return Runtime.getRuntime().maxMemory()
                / HEAP_SHARES
                / Math.max(1, lanes.running().size());
    }

    private RunningParts running(SharedParts shared, RunningFleet fleet) {
        RunningScheduler scheduler = new RunningScheduler(vertx, shared);
        shutdown.add(Stage.WORK, blocking(scheduler::close));
        Optional<RunningIntake> intake =
                configuration.intake().enabled() ? Optional.of(intake(shared)) : Optional.empty();
        List<RunningLane> running =
                lanes.running().stream().map(name -> lane(name, shared)).toList();
        return new RunningParts(running, scheduler, intake, fleet);
    }

    private RunningIntake intake(SharedParts shared) {
        RunningIntake intake = new RunningIntake(shared);
        shutdown.add(Stage.INTAKE, () -> intake.close().toCompletionStage());
        IntakeConfig at = configuration.intake();
        Opening.await(Opening.listening(intake.open(), "the intake", at.host(), at.port()));
        return intake;
    }

    private RunningLane lane(String name, SharedParts shared) {
        LaneDeployment lane = new LaneDeployment(new LaneForm(configuration, name), shared, failure::complete);
        String deployment = Opening.await(vertx.deployVerticle(lane));
        shutdown.add(Stage.WORK, () -> vertx.undeploy(deployment).toCompletionStage());
        return lane.lane();
    }

    private LiveConfiguration live(Optional<WatchedFile> file, SharedParts shared, RunningParts running) {
        QueueMetrics metrics = shared.metrics();
        LiveConfiguration live = new LiveConfiguration(
                new LiveConfiguration.Source(configuration, file, lanes),
                listener -> openControl(shared, listener),
                metrics.config(),
                Time.of(vertx),
                next -> {
                    keepSeries(next, metrics);
                    running.apply(next);
                });
        shutdown.add(Stage.WORK, blocking(live));
        return live;
    }

    private static Channel openControl(SharedParts shared, Bulletin.Listener listener) {
        KafkaClients clients = new KafkaClients(shared.configuration().kafka(), shared.instance() + "-control");
        Producer<byte[], byte[]> writer = clients.promptProducer(Bulletin.WRITE_PATIENCE);
        shared.metrics().producer("control").producer(writer::metrics);
        Bulletin.Clients own = new Bulletin.Clients(clients.follower(), writer, clients.admin());
        return Channel.of(new Bulletin(shared.topics().controlTopic(), own, shared.ownTopics(own.admin()), listener));
    }

    private static void keepSeries(Configuration configuration, QueueMetrics metrics) {
        configuration.lanes().values().forEach(lane -> metrics.keep(lane.jobs().keySet()));
    }

    /** What blocks has a thread of its own, beside whatever else is closed. */
    private Supplier<CompletionStage<?>> blocking(AutoCloseable part) {
        return () -> vertx.executeBlocking(
                        () -> {
                            part.close();
                            return null;
                        },
                        false)
                .toCompletionStage();
    }

    /** What takes no time, or comes when nobody else waits any more. */
    private static Supplier<CompletionStage<?>> inPlace(Runnable closing) {
        return () -> {
            closing.run();
            return CompletableFuture.completedFuture(null);
        };
    }
}
