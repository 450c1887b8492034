package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.admin.AdminServer;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.control.Channel;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.fleet.Fleet;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.metrics.ProcessMeters;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.metrics.Registries;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.Tracing;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.http.HttpTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: its lanes, its intake and its admin port. Started and stopped by commands and tests; both block. */
public final class Service {

    /** The part of the heap that open records may fill; the rest is for Kafka's buffers, HTTP and metrics. */
    private static final int HEAP_SHARES = 5;

    /** What a part does not say by then is told as it was; scrapers wait for 10 s by default. */
    private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Vertx vertx;
    private final Configuration configuration;
    private final PrometheusMeterRegistry registry;
    private final List<RunningLane> lanes = new ArrayList<>();
    private final Duration longestDrain;
    private @Nullable RunningScheduler scheduler;
    private @Nullable RunningIntake intake;
    private @Nullable RunningFleet fleet;
    private @Nullable OperatorsPart operators;
    private @Nullable LiveConfiguration live;
    private final List<String> deployments = new ArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final AdminServer admin;
    private final InstanceName instance;
    private final Tracing tracing;
    private final ProcessMeters processMeters;
    private final ClockWatch clockWatch;

    private Service(Vertx vertx, Configuration configuration, Collection<String> laneNames) {
        this.vertx = vertx;
        this.configuration = configuration;
        this.instance = InstanceName.of(configuration);
        this.tracing = Tracing.open(configuration.tracing(), configuration.service(), instance.value());
        this.registry = Registries.scraped(tracing.exemplars());
        this.processMeters = ProcessMeters.bindTo(registry, version());
        this.longestDrain = laneNames.stream()
                .map(name -> new LaneForm(configuration, name).drainTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        this.admin = new AdminServer(vertx, registry, configuration.admin());
        this.clockWatch = new ClockWatch(Time.of(vertx), this::renewClients);
    }

    /** {@linkplain #open Opens} a service and {@linkplain #begin begins}. */
    public static Service start(Configuration configuration, Collection<String> laneNames) {
        return start(configuration, laneNames, HttpTarget.nameResolution());
    }

    /** {@code names} is how the names of targets are resolved, where it is not the machine's own way. */
    public static Service start(
            Configuration configuration, Collection<String> laneNames, AddressResolverOptions names) {
        Service service = open(configuration, laneNames, Optional.empty(), names);
        service.begin();
        return service;
    }

    /**
     * Makes everything ready, the admin port included. The intake takes events; no job is run yet.
     *
     * @param laneNames the lanes to run in this process
     * @param file where the configuration was read from; watched. Where it is empty only operators' overrides change
     *     something
     * @throws IllegalStateException where something cannot be opened: a port that is in use, a folder that is in use or
     *     cannot be written to, properties that a client of Kafka refuses
     */
    public static Service open(Configuration configuration, Collection<String> laneNames, Optional<WatchedFile> file) {
        return open(configuration, laneNames, file, HttpTarget.nameResolution());
    }

    private static Service open(
            Configuration configuration,
            Collection<String> laneNames,
            Optional<WatchedFile> file,
            AddressResolverOptions names) {
        // Nothing is served from files: there is no folder for copies of them, which a kill would leave behind.
        VertxOptions options = new VertxOptions()
                .setAddressResolverOptions(names)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        Service service = new Service(Vertx.vertx(options), configuration, laneNames);
        try {
            service.deploy(laneNames, file);
            return service;
        } catch (RuntimeException e) {
            service.await(Future.join(service.stopScheduler(), service.closeLive())
                    .eventually(service::stopIntake)
                    .eventually(service::stopOperators)
                    .eventually(service::leaveFleet)
                    .eventually(service.vertx::close));
            service.instance.close();
            throw refusal(e);
        }
    }

    /**
     * Begins to take jobs, as soon as operators' overrides are known. Kafka and the targets may be down: the lanes wait
     * for them.
     */
    public void begin() {
        Objects.requireNonNull(fleet)
                .begin(admin.port(), lanes.stream().map(RunningLane::name).toList());
        Objects.requireNonNull(scheduler).start();
        Objects.requireNonNull(operators).start();
        Objects.requireNonNull(live).begin(() -> lanes.forEach(RunningLane::start));
        clockWatch.start();
        LOG.info(
                "Running lanes {} as {}; metrics and health on port {}",
                lanes.stream().map(RunningLane::name).toList(),
                instance.value(),
                admin.port());
        if (intake != null) {
            LOG.info("Taking events on port {}", intake.port());
        }
    }

    /** The fleet as this instance sees it. */
    public Fleet fleet() {
        return Objects.requireNonNull(fleet).view();
    }

    /** The port that the admin server listens on. */
    public int adminPort() {
        return admin.port();
    }

    /** The port that events are posted to; empty where none are taken. */
    public OptionalInt intakePort() {
        return intake == null ? OptionalInt.empty() : OptionalInt.of(intake.port());
    }

    /** For whoever lets operators change something while the service runs. */
    public Control control() {
        return Objects.requireNonNull(live).control();
    }

    /** Completes with the reason when a lane cannot go on; the process should end then. */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /**
     * Hands every lane's partitions over, and lets what runs end, for the longest {@code drain_timeout} of its lanes at
     * most, and a little. Events are taken until all of that is done: a refused one is lost, since MediaWiki does not try
     * again.
     */
    public void stop() {
        LOG.info("Stopping: no job starts any more, those that run have {}", longestDrain);
        clockWatch.stop();
        // Lanes first: while they drain, metrics and health are still there to be asked.
        List<Future<?>> parts =
                new ArrayList<>(deployments.stream().map(vertx::undeploy).toList());
        parts.add(stopScheduler());
        parts.add(closeLive());
        await(Future.join(parts)
                .eventually(this::stopIntake)
                .eventually(this::stopOperators)
                .eventually(this::leaveFleet)
                .eventually(vertx::close));
        instance.close();
        processMeters.close();
        tracing.close();
        LOG.info("Stopped");
    }

    private void renewClients() {
        lanes.forEach(RunningLane::renewClients);
        Objects.requireNonNull(scheduler).renew();
        if (intake != null) {
            intake.push();
        }
    }

    private Future<Void> stopIntake() {
        return intake == null ? Future.succeededFuture() : intake.close();
    }

    /** Last: while lanes drain, their notes hold only as long as this instance is heard of. */
    private Future<Void> leaveFleet() {
        return vertx.executeBlocking(() -> {
            if (fleet != null) {
                fleet.close();
            }
            return null;
        });
    }

    private Future<Void> stopScheduler() {
        return vertx.executeBlocking(() -> {
            if (scheduler != null) {
                scheduler.close();
            }
            return null;
        });
    }

    private Future<Void> stopOperators() {
        return operators == null ? Future.succeededFuture() : operators.stop();
    }

    private Future<Void> closeLive() {
        return vertx.executeBlocking(() -> {
            if (live != null) {
                live.close();
            }
            return null;
        });
    }

    private void deploy(Collection<String> laneNames, Optional<WatchedFile> file) {
        Topics topics = new Topics(configuration.dc(), configuration.service());
        QueueMetrics metrics = new QueueMetrics(registry, configuration.service());
        keepSeries(configuration, metrics);
        long share = Runtime.getRuntime().maxMemory() / HEAP_SHARES / Math.max(1, laneNames.size());
        fleet = new RunningFleet(
                vertx,
                configuration,
                topics,
                metrics,
                instance.value(),
                () -> lanes.stream().map(RunningLane::state).toList());
        Surroundings surroundings =
                new Surroundings(configuration, topics, metrics, tracing, instance.value(), fleet.notes(), share);
        scheduler = new RunningScheduler(vertx, surroundings);
        if (configuration.intake().enabled()) {
            intake = new RunningIntake(surroundings);
            IntakeConfig at = configuration.intake();
            await(listening(intake.open(), "the intake", at.host(), at.port()));
        }
        Set<String> running = Set.copyOf(laneNames);
        LiveConfiguration present = new LiveConfiguration(
                new LiveConfiguration.Source(
                        configuration,
                        file,
                        new Reload.Lanes(
                                running, running.equals(configuration.lanes().keySet()))),
                listener -> openControl(surroundings, listener),
                metrics.config(),
                Time.of(vertx),
                next -> apply(next, metrics));
        live = present;
        for (String name : laneNames) {
            LaneDeployment lane = new LaneDeployment(new LaneForm(configuration, name), surroundings);
            deployments.add(await(vertx.deployVerticle(lane)));
        }
        List<Vitals> parts = new ArrayList<>(lanes);
        parts.add(scheduler);
        if (intake != null) {
            parts.add(intake);
        }
        parts.add(fleet);
        Refresh refresh = new Refresh(
                parts,
                REFRESH_PATIENCE,
                metrics.refreshFailures(parts.stream().map(Vitals::name).toList()));
        OperatorsPart part = new OperatorsPart(
                vertx,
                surroundings,
                present::inForce,
                present.control(),
                lanes,
                parts,
                refresh,
                scheduler,
                fleet,
                registry);
        operators = part;
        AdminConfig at = configuration.admin();
        await(listening(admin.start(parts, refresh, part::mount), "the admin server", at.host(), at.port()));
    }

    private static Future<Void> listening(Future<Void> opened, String who, String host, int port) {
        return opened.recover(failure -> Future.failedFuture(
                new IllegalStateException(who + " cannot listen on " + host + ":" + port, failure)));
    }

    /** What users can mend is one kind of exception, which commands tell in a line. */
    private static RuntimeException refusal(RuntimeException e) {
        if (e instanceof UncheckedIOException unusable) {
            return new IllegalStateException(e.getMessage(), unusable.getCause());
        }
        return e instanceof KafkaException ? new IllegalStateException(e.getMessage(), e.getCause()) : e;
    }

    private static String version() {
        return Objects.requireNonNullElse(Service.class.getPackage().getImplementationVersion(), "unknown");
    }

    private static Channel openControl(Surroundings surroundings, Bulletin.Listener listener) {
        KafkaClients clients =
                new KafkaClients(surroundings.configuration().kafka(), surroundings.instance() + "-control");
        Producer<byte[], byte[]> writer = clients.promptProducer(Bulletin.WRITE_PATIENCE);
        surroundings.metrics().producer("control").producer(writer::metrics);
        Bulletin.Clients own = new Bulletin.Clients(clients.reader(), writer, clients.admin());
        return Channel.of(
                new Bulletin(surroundings.topics().controlTopic(), own, surroundings.ownTopics(own.admin()), listener));
    }

    private static void keepSeries(Configuration configuration, QueueMetrics metrics) {
        configuration.lanes().values().forEach(lane -> metrics.keep(lane.jobs().keySet()));
    }

    private void apply(Configuration next, QueueMetrics metrics) {
        keepSeries(next, metrics);
        lanes.forEach(lane -> lane.apply(new LaneForm(next, lane.name()))
                .onFailure(
                        bug -> LOG.error("Lane {} does not go by the configuration: this is a bug", lane.name(), bug)));
    }

    private <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(longestDrain.toMillis() + 30_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused
                    ? refused
                    : new IllegalStateException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done in time", e);
        }
    }

    /** Gives a lane its context. */
    private final class LaneDeployment implements Deployable {

        private final LaneForm form;
        private final Surroundings surroundings;
        private @Nullable RunningLane deployed;

        LaneDeployment(LaneForm form, Surroundings surroundings) {
            this.form = form;
            this.surroundings = surroundings;
        }

        @Override
        public Future<?> deploy(Context context) {
            return RunningLane.open(context, form, surroundings, failure::complete)
                    .onSuccess(lane -> {
                        lanes.add(lane);
                        deployed = lane;
                    });
        }

        @Override
        public Future<?> undeploy(Context context) {
            return deployed == null ? Future.succeededFuture() : deployed.close();
        }
    }
}
