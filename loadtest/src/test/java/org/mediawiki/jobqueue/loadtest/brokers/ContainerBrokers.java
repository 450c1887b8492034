package org.mediawiki.jobqueue.loadtest.brokers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** Kafka's own image, of the clients' version, in a container. */
record ContainerBrokers(KafkaContainer container) implements Brokers {

    static Brokers start() {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: jobqueue.brokers is containers, but no Docker engine answers");
        KafkaContainer container = new KafkaContainer("apache/kafka:" + AppInfoParser.getVersion())
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(8 << 20));
        container.start();
        return new ContainerBrokers(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.stop();
    }
}
