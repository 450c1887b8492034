package org.mediawiki.jobqueue.changeprop.bulletin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** What is written is told to everybody, and a barrier is passed only by who has been told. */
final class BulletinIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");
    private static final String TOPIC = TOPICS.controlTopic();

    @TempDir
    private Path folder;

    private final List<Bulletin> bulletins = new ArrayList<>();
    private EmbeddedKafka kafka;

    @BeforeEach
    void start() throws IOException {
        EmbeddedKafkaOptions options = EmbeddedKafkaOptions.in(folder);
        kafka = EmbeddedKafka.start(options.withTopics(options.topics().withAutoCreate(true)));
    }

    @AfterEach
    void stop() {
        bulletins.forEach(Bulletin::close);
        kafka.close();
    }

    @Test
    void tellsWhatStoodBeforeAndWhatComes() {
        Bulletin writer = open(new Told());
        write(writer, "kept", "1");
        write(writer, "changed", "1");
        write(writer, "changed", "2");
        write(writer, "gone", "1");
        write(writer, "gone", null);

        Told told = new Told();
        Bulletin reader = open(told);
        finish(reader.caughtUp());

        assertThat(told.present()).containsOnly(Map.entry("kept", "1"), Map.entry("changed", "2"));
        assertThat(told.gone()).containsExactly("gone");
        write(writer, "kept", null);
        write(writer, "new", "3");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(told.present()).containsOnly(Map.entry("changed", "2"), Map.entry("new", "3")));
    }

    @Test
    void aBarrierIsPassedOnlyByWhoHasBeenToldAllThatWasWritten() {
        Told told = new Told();
        Bulletin reader = open(told);
        Bulletin writer = open(new Told());
        for (int i = 0; i < 50; i++) {
            write(writer, "key", Integer.toString(i));

            finish(reader.caughtUp());

            assertThat(told.present()).containsEntry("key", Integer.toString(i));
        }
    }

    @Test
    void whoComesLateIsToldEverythingBeforeTheBarrier() {
        Bulletin writer = open(new Told());
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            written.add(writer.write("key " + i, new byte[100]));
        }
        written.forEach(BulletinIT::finish);

        Told told = new Told();
        finish(open(told).caughtUp());

        assertThat(told.present()).hasSize(20_000);
    }

    @Test
    void createsItsTopicCompactedAndWithOnePartition() {
        finish(open(new Told()).caughtUp());

        try (Admin admin = clients().admin()) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
            assertThat(Answers.await(admin.describeTopics(List.of(TOPIC)).allTopicNames()))
                    .hasEntrySatisfying(
                            TOPIC,
                            described -> assertThat(described.partitions()).hasSize(1));
            assertThat(Answers.await(admin.describeConfigs(List.of(topic)).all()))
                    .hasEntrySatisfying(
                            topic,
                            configs -> assertThat(configs.entries())
                                    .anyMatch(entry -> entry.name().equals(TopicConfig.CLEANUP_POLICY_CONFIG)
                                            && entry.value().equals(TopicConfig.CLEANUP_POLICY_COMPACT)));
        }
    }

    @Test
    void goesOnWhenTheBrokerIsBack() throws IOException {
        Told told = new Told();
        Bulletin bulletin = open(told);
        write(bulletin, "before", "1");
        kafka.stopBroker(1);
        CompletableFuture<Void> barrier = bulletin.caughtUp();
        CompletableFuture<Void> written = bulletin.write("while it was down", "2".getBytes(StandardCharsets.UTF_8));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> !barrier.isDone() && !written.isDone());

        kafka.startBroker(1);

        finish(written);
        finish(barrier);
        finish(bulletin.caughtUp());
        assertThat(told.present()).containsOnlyKeys("before", "while it was down");
    }

    @Test
    void startsWhileTheBrokerIsDown() throws IOException {
        kafka.stopBroker(1);
        Told told = new Told();
        Bulletin bulletin = open(told);
        CompletableFuture<Void> barrier = bulletin.caughtUp();
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> !barrier.isDone());

        kafka.startBroker(1);

        finish(barrier);
        write(bulletin, "key", "1");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told.present()).containsEntry("key", "1"));
    }

    @Test
    void aListenerThatThrowsHearsWhatComesNext() {
        Told told = new Told();
        Bulletin bulletin = open(told);
        write(bulletin, "a bug", "1");
        write(bulletin, "key", "2");

        finish(bulletin.caughtUp());

        assertThat(told.present()).containsOnly(Map.entry("key", "2"));
    }

    @Test
    void nobodyWaitsForABulletinThatIsClosed() {
        Bulletin bulletin = open(new Told());
        CompletableFuture<Void> before = bulletin.caughtUp();
        bulletin.close();

        assertThat(before).isDone();
        assertThat(bulletin.caughtUp()).isCompletedExceptionally();
        assertThat(bulletin.write("key", null)).isCompletedExceptionally();
    }

    private Bulletin open(Bulletin.Listener listener) {
        KafkaClients clients = clients();
        Admin admin = clients.admin();
        Bulletin bulletin = new Bulletin(
                TOPIC,
                new Bulletin.Clients(clients.follower(), clients.promptProducer(Bulletin.WRITE_PATIENCE), admin),
                new OwnTopics(admin, TOPICS, 3, (short) 1),
                listener);
        bulletin.start();
        bulletins.add(bulletin);
        return bulletin;
    }

    private KafkaClients clients() {
        return new KafkaClients(KafkaConfigs.of(kafka.bootstrapServers(), 3), "test");
    }

    private static void write(Bulletin bulletin, String key, @Nullable String value) {
        finish(bulletin.write(key, value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void finish(CompletableFuture<Void> future) {
        try {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
