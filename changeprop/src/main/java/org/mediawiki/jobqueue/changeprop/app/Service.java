package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.mediawiki.jobqueue.changeprop.app.Assembly.Assembled;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.http.HttpTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: its lanes, its intake and its admin port. Started and stopped by commands and tests; both block. */
public final class Service {

    /** Beyond the longest {@code drain_timeout}. Whoever kills what does not end waits for 15 s by default. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Assembled parts;
    private final ClockWatch clockWatch;
    private final Shutdown shutdown;
    private final Duration longestDrain;

    private Service(Assembled parts, ClockWatch clockWatch, Shutdown shutdown, Duration longestDrain) {
        this.parts = parts;
        this.clockWatch = clockWatch;
        this.shutdown = shutdown;
        this.longestDrain = longestDrain;
    }

    /** {@linkplain #open Opens} a service and {@linkplain #begin begins}. */
    public static Service start(Configuration configuration, Collection<String> laneNames) {
        return start(configuration, laneNames, HttpTarget.nameResolution());
    }

    /** {@code names} is how the names of targets are resolved, where it is not the machine's own way. */
    public static Service start(
            Configuration configuration, Collection<String> laneNames, AddressResolverOptions names) {
        Service service = open(configuration, Reload.Lanes.only(laneNames), Optional.empty(), names);
        service.begin();
        return service;
    }

    /**
     * Makes everything ready, the admin port included. The intake takes events; no job is run yet. Where no name of a
     * broker resolves, it waits until one does.
     *
     * @param lanes those to run in this process
     * @param file where the configuration was read from; watched. Where it is empty only operators' overrides change
     *     something
     * @throws IllegalStateException where something cannot be opened: a port that is in use, a folder that is in use or
     *     cannot be written to, properties that a client of Kafka refuses
     */
    public static Service open(Configuration configuration, Reload.Lanes lanes, Optional<WatchedFile> file) {
        return open(configuration, lanes, file, HttpTarget.nameResolution());
    }

    private static Service open(
            Configuration configuration, Reload.Lanes lanes, Optional<WatchedFile> file, AddressResolverOptions names) {
        // Nothing is served from files: there is no folder for copies of them, which a kill would leave behind.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(names)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Shutdown shutdown = new Shutdown();
        try {
            Assembled parts = new Assembly(vertx, configuration, lanes, shutdown).open(file);
            ClockWatch clockWatch =
                    new ClockWatch(Time.of(vertx), () -> parts.running().renewClients());
            return new Service(parts, clockWatch, shutdown, longestDrain(configuration, lanes.running()));
        } catch (RuntimeException e) {
            shutdown.run(GRACE);
            throw refusal(e);
        }
    }

    private static Duration longestDrain(Configuration configuration, Collection<String> laneNames) {
        return laneNames.stream()
                .map(name -> new LaneForm(configuration, name).drainTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** What users can mend is one kind of exception, which commands tell in a line. */
    private static RuntimeException refusal(RuntimeException e) {
        if (e instanceof UncheckedIOException unusable) {
            return new IllegalStateException(e.getMessage(), unusable.getCause());
        }
        return e instanceof KafkaException ? new IllegalStateException(e.getMessage(), e.getCause()) : e;
    }

    /**
     * Begins to take jobs, as soon as operators' overrides are known. Kafka and the targets may be down: the lanes wait
     * for them.
     */
    public void begin() {
        RunningParts running = parts.running();
        running.fleet().begin(adminPort(), running.lanes());
        running.scheduler().start();
        parts.operators().start();
        parts.live().begin(() -> running.lanes().forEach(RunningLane::start));
        clockWatch.start();
        LOG.info(
                "Running lanes {} as {}; console, API, metrics and health on port {}",
                running.laneNames(),
                parts.instance(),
                adminPort());
        running.intake().ifPresent(intake -> LOG.info("Taking events on port {}", intake.port()));
    }

    /** The port that the admin server listens on. */
    public int adminPort() {
        return parts.operators().port();
    }

    /** The port that events are posted to; empty where none are taken. */
    public OptionalInt intakePort() {
        return parts.running().intake().stream().mapToInt(RunningIntake::port).findFirst();
    }

    /** For whoever lets operators change something while the service runs. */
    public Control control() {
        return parts.live().control();
    }

    /** Completes with the reason when a lane cannot go on; the process should end then. */
    public CompletableFuture<Throwable> failure() {
        return parts.failure();
    }

    /**
     * Hands every lane's partitions over, and lets what runs end, for the longest {@code drain_timeout} of its lanes at
     * most, and a little. Events are taken until all of that is done: a refused one is lost, since MediaWiki does not try
     * again. Where it is not done in time the log says so, and the process is to end all the same.
     */
    public void stop() {
        LOG.info("Stopping: no job starts any more, those that run have {}", longestDrain);
        clockWatch.stop();
        shutdown.run(longestDrain.plus(GRACE));
        LOG.info("Stopped");
    }
}
