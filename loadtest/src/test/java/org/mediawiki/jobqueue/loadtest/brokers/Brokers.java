package org.mediawiki.jobqueue.loadtest.brokers;

import java.io.IOException;
import java.nio.file.Path;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;

/**
 * A running Kafka of one broker, which creates topics on demand. {@code -Djobqueue.brokers=containers} runs the same
 * tests against Kafka's own image; they are skipped, with a line that says so, where no Docker engine answers.
 */
public interface Brokers extends AutoCloseable {

    /** {@code host:port}. */
    String bootstrapServers();

    @Override
    void close();

    /**
     * Starts what {@code jobqueue.brokers} asks for: {@code embedded} (the default) or {@code containers}.
     *
     * @param folder where the embedded one keeps its data
     */
    static Brokers start(Path folder) throws IOException {
        String wanted = System.getProperty("jobqueue.brokers", "embedded");
        return switch (wanted) {
            case "embedded" -> new Embedded(EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder)));
            case "containers" -> ContainerBrokers.start();
            default -> throw new IllegalArgumentException("jobqueue.brokers is embedded or containers, not " + wanted);
        };
    }

    /** In this JVM. */
    record Embedded(EmbeddedKafka kafka) implements Brokers {

        @Override
        public String bootstrapServers() {
            return kafka.bootstrapServers();
        }

        @Override
        public void close() {
            kafka.close();
        }
    }
}
