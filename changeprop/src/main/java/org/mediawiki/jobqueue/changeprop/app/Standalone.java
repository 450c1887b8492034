package org.mediawiki.jobqueue.changeprop.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
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
     * Starts Kafka, opens the service and its intake, and begins to run jobs.
     *
     * @param configuration made for the broker at {@code brokerPort}
     * @throws IOException where the folder cannot be written to
     * @throws IllegalStateException where something does not start, such as a folder or a port that is in use
     */
    public static Standalone start(Configuration configuration, int brokerPort) throws IOException {
        EmbeddedKafkaOptions options =
                EmbeddedKafkaOptions.in(configuration.standalone().folder().resolve("kafka"));
        EmbeddedKafka kafka = EmbeddedKafka.start(options.withPorts(List.of(brokerPort))
                .withFlushBeforeAck(true)
                .withTopics(options.topics().withMaxMessageBytes(LARGEST_RECORD_BYTES)));
        try {
            return new Standalone(
                    kafka, Service.start(configuration, configuration.lanes().keySet()));
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Completes with the reason when a lane cannot go on; the process should end then. */
    public CompletableFuture<Throwable> failure() {
        return service.failure();
    }

    /** Drains and stops the service, and Kafka after it. */
    public void stop() {
        service.stop();
        kafka.close();
    }
}
