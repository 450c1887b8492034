package org.mediawiki.jobqueue.changeprop.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.load.WatchedFile;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;

/**
 * The service and a Kafka of its own in one process. What was accepted is on disk: it survives the end of the process in
 * any way, and that of the machine. Started and stopped by a command; both block.
 */
public final class Standalone {

    /** A post may be one event, and grows a little when {@code meta} is filled in. */
    private static final int LARGEST_RECORD_BYTES = 16 << 20;

    private final EmbeddedKafka kafka;
    private final Service service;

    private Standalone(EmbeddedKafka kafka, Service service) {
        this.kafka = kafka;
        this.service = service;
    }

    /** Whether the jars of Kafka's server are there; without them there is no standalone. */
    public static boolean isPossible() {
        return EmbeddedKafka.isAvailable();
    }

    /**
     * Starts Kafka and opens the service side by side, then begins to run jobs. The intake takes events from early on; they
     * wait for Kafka, so that a restart refuses as few as can be.
     *
     * @param configuration made for the broker at {@code brokerPort}
     * @param file where it was read from; watched
     * @throws IOException where the folder cannot be written to
     * @throws IllegalStateException where something does not start, such as a folder or a port that is in use
     */
    public static Standalone start(Configuration configuration, int brokerPort, Optional<WatchedFile> file)
            throws IOException {
        requireFree(configuration.intake());
        FutureTask<EmbeddedKafka> starting =
                new FutureTask<>(() -> EmbeddedKafka.start(options(configuration, brokerPort)));
        new Thread(starting, "embedded-kafka-start").start();
        Service service;
        try {
            service = Service.open(configuration, Reload.Lanes.allOf(configuration), file);
        } catch (RuntimeException e) {
            started(starting).close();
            throw e;
        }
        try {
            EmbeddedKafka kafka = started(starting);
            service.begin();
            return new Standalone(kafka, service);
        } catch (IOException | RuntimeException e) {
            service.stop();
            throw e;
        }
    }

    /** Completes with the reason when a lane cannot go on; the process should end then. */
    public CompletableFuture<Throwable> failure() {
        return service.failure();
    }

    /** The port that events are posted to. */
    public int intakePort() {
        return service.intakePort().orElseThrow();
    }

    /** Drains and stops the service, and Kafka after it. */
    public void stop() {
        service.stop();
        kafka.close();
    }

    private static EmbeddedKafkaOptions options(Configuration configuration, int brokerPort) {
        EmbeddedKafkaOptions options =
                EmbeddedKafkaOptions.in(configuration.standalone().folder().resolve("kafka"));
        return options.withPorts(List.of(brokerPort))
                .withFlushBeforeAck(true)
                .withTopics(options.topics().withMaxMessageBytes(LARGEST_RECORD_BYTES));
    }

    /** The intake would share it with whoever listens there, and take the posts that are meant for them. */
    private static void requireFree(IntakeConfig intake) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(intake.host(), intake.port()));
        } catch (IOException e) {
            throw new IllegalStateException("the intake cannot listen on " + intake.host() + ":" + intake.port(), e);
        }
    }

    private static EmbeddedKafka started(FutureTask<EmbeddedKafka> starting) throws IOException {
        try {
            return starting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unwritable) {
                throw unwritable;
            }
            throw e.getCause() instanceof IllegalStateException refused
                    ? refused
                    : new IllegalStateException(String.valueOf(e.getCause()), e);
        }
    }
}
