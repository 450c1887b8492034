package org.mediawiki.jobqueue.changeprop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions.TopicDefaults;

final class EmbeddedKafkaIT {

    private static final String TOPIC = "eqiad.mediawiki.job.refreshLinks";

    private EmbeddedKafkaOptions options;

    @BeforeEach
    void useAFolderOfItsOwn(@TempDir Path folder) {
        options = EmbeddedKafkaOptions.in(folder.resolve("kafka"));
    }

    @Test
    void carriesTheLargestJobFromAProducerToAConsumer() throws IOException {
        String job = "x".repeat(4 << 20);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());

            records.produce(TOPIC, job);

            assertThat(records.consume(TOPIC, 1)).containsExactly(job);
        }
    }

    @Test
    void continuesTheSameClusterInTheSameFolder() throws IOException {
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            clusterId = kafka.clusterId();
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "before");
            records.commit(TOPIC, 1);
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "after");

            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            assertThat(records.consume(TOPIC, 2)).containsExactly("before", "after");
            assertThat(records.committed(TOPIC)).isEqualTo(1);
        }
    }

    @Test
    void losesNothingAcknowledgedWhenItIsKilled(@TempDir Path elsewhere) throws IOException {
        Path asAKillLeavesIt = elsewhere.resolve("kafka");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            new Records(kafka.bootstrapServers()).produce(TOPIC, "one", "two", "three");
            copy(options.folder(), asAKillLeavesIt);
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(asAKillLeavesIt))) {
            assertThat(new Records(kafka.bootstrapServers()).consume(TOPIC, 3)).containsExactly("one", "two", "three");
        }
    }

    @Test
    void completesAFormattingThatWasCutShort() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            assertThat(kafka.clusterId()).isNotEmpty();
        }
        Path node = options.folder().resolve("node-1");
        try (Stream<Path> entries = Files.list(node)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                delete(entry);
            }
        }
        Files.writeString(node.resolve("meta.properties"), "");

        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "job");

            assertThat(records.consume(TOPIC, 1)).containsExactly("job");
        }
    }

    /** Before folders said by what they were made, with the oldest format that this Kafka still takes up. */
    @Test
    void takesUpWhatAnEarlierVersionFormatted() throws Exception {
        Path node = Files.createDirectories(options.folder().resolve("node-1"));
        String clusterId = Uuid.randomUuid().toString();
        Files.writeString(options.folder().resolve("cluster.properties"), "cluster.id=" + clusterId + "\nbrokers=1\n");
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(clusterId)
                .setNodeId(1)
                .setDirectories(List.of(node.toString()))
                .setMetadataLogDirectory(node.toString())
                .setControllerListenerName(NodeSettings.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.MINIMUM_VERSION)
                .run();

        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "job");
            records.commit(TOPIC, 1);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());
            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            assertThat(records.consume(TOPIC, 1)).containsExactly("job");
            assertThat(records.committed(TOPIC)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"layout=2", "metadata.version=999", "layout=two"})
    void leavesAFolderOfALaterVersionAlone(String saying) throws IOException {
        Files.createDirectories(options.folder());
        Path file = options.folder().resolve("cluster.properties");
        String later = "cluster.id=" + Uuid.randomUuid() + "\nbrokers=1\n" + saying + "\n";
        Files.writeString(file, later);

        assertThatThrownBy(() -> EmbeddedKafka.start(options))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was made by a later version");
        assertThat(file).hasContent(later);
        assertThat(options.folder().resolve("node-1")).doesNotExist();
    }

    @Test
    void servesOnWhileOneOfThreeBrokersIsStopped() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options.withBrokers(3))) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "three");
            kafka.stopBroker(1);
            records.produce(TOPIC, "two");
            kafka.startBroker(1);
            kafka.stopBroker(2);
            records.produce(TOPIC, "two again");

            assertThat(records.consume(TOPIC, 3)).containsExactly("three", "two", "two again");
        }
    }

    @Test
    void aSingleBrokerComesBackOnItsPortWithItsData() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options.withFlushBeforeAck(true))) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "before");
            kafka.stopBroker(1);
            kafka.startBroker(1);
            records.produce(TOPIC, "after");

            assertThat(records.consume(TOPIC, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void aBrokerThatDidNotStartCanBeStartedAgain() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "before");
            int port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);
            kafka.stopBroker(1);
            try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThatThrownBy(() -> kafka.startBroker(1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasStackTraceContaining(Integer.toString(taken.getLocalPort()));
            }
            kafka.stopBroker(1);
            kafka.startBroker(1);
            records.produce(TOPIC, "after");

            assertThat(records.consume(TOPIC, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void createsNoTopicWhenItMayNot() throws IOException {
        TopicDefaults strict = options.topics().withAutoCreate(false);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options.withTopics(strict))) {
            Records records = new Records(kafka.bootstrapServers());

            assertThatThrownBy(() -> records.produce(TOPIC, "job"))
                    .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void listensOnThePortThatWasAskedFor() throws IOException {
        int port = new FreePorts(new Random(1)).find(1).get(0);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options.withPorts(List.of(port)))) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedKafkaOptions clashing = options.withPorts(List.of(taken.getLocalPort()));

            assertThatThrownBy(() -> EmbeddedKafka.start(clashing))
                    .isInstanceOf(IllegalStateException.class)
                    .hasStackTraceContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void refusesAFolderWithAnotherNumberOfBrokers() throws IOException {
        EmbeddedKafka.start(options).close();

        assertThatThrownBy(() -> EmbeddedKafka.start(options.withBrokers(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("has 1 brokers, not 3");
    }

    /** What is on disk at any moment is what a killed process leaves, but for the locks, which die with it. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.toList()) {
                Path target = to.resolve(from.relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    copyUnlessRenamed(entry, target);
                }
            }
        }
    }

    /** A broker that runs writes some files under another name first. */
    private static void copyUnlessRenamed(Path entry, Path target) throws IOException {
        try {
            Files.copy(entry, target);
        } catch (NoSuchFileException renamed) {
            // What it is called now may have been copied, or not yet, as a kill would have it.
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
