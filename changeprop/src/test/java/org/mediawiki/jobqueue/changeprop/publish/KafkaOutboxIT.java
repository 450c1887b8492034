package org.mediawiki.jobqueue.changeprop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfigs;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** SPEC guarantee 1: no receipt without an acknowledgement, and no giving up. */
final class KafkaOutboxIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String ERROR_TOPIC = "eqiad.cpjobqueue.error";
    private static final Buffer VALUE = Buffer.buffer("{}");

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaOutbox outbox;

    @BeforeEach
    void start() throws IOException {
        EmbeddedKafkaOptions options = EmbeddedKafkaOptions.in(folder);
        kafka = EmbeddedKafka.start(options.withTopics(options.topics().withAutoCreate(false)));
        KafkaClients clients = new KafkaClients(KafkaConfigs.of(kafka.bootstrapServers(), 3), "test");
        admin = clients.admin();
        Producer<byte[], byte[]> producer = clients.producer();
        OwnTopics ownTopics = new OwnTopics(admin, new Topics("eqiad", "cpjobqueue"), 3, (short) 1);
        outbox = new KafkaOutbox(
                vertx, producer, ownTopics, Executors.newSingleThreadScheduledExecutor(), (topic, partition) -> {});
    }

    @AfterEach
    void stop() {
        outbox.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        kafka.close();
        vertx.close();
    }

    @Test
    void createsTheTopicThatIsMissing() {
        Future<Receipt> receipt = outbox.send(new OutboundEvent(ERROR_TOPIC, 7, VALUE));

        await().atMost(PATIENCE).until(receipt::isComplete);
        assertThat(receipt.result()).isEqualTo(Receipt.ACKNOWLEDGED);
        assertThat(partitionsOf(ERROR_TOPIC)).isEqualTo(3);
    }

    @Test
    void aRetryTopicHasThePartitionsOfTheTopicThatItRetries() {
        String retryTopic = "eqiad.cpjobqueue.retry.mediawiki.job.refreshLinks";
        Answers.await(admin.createTopics(Set.of(new NewTopic("eqiad.mediawiki.job.refreshLinks", 5, (short) 1)))
                .all());

        Future<Receipt> receipt = outbox.send(new OutboundEvent(retryTopic, 4, VALUE));

        await().atMost(PATIENCE).until(receipt::isComplete);
        assertThat(partitionsOf(retryTopic)).isEqualTo(5);
    }

    @Test
    void givesNoReceiptWhileTheBrokerIsDownAndGivesItWhenTheBrokerIsBack() throws IOException {
        await().atMost(PATIENCE).until(outbox.send(new OutboundEvent(ERROR_TOPIC, 0, VALUE))::isComplete);
        kafka.stopBroker(1);

        Future<Receipt> receipt = outbox.send(new OutboundEvent(ERROR_TOPIC, 0, VALUE));

        await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !receipt.isComplete());
        kafka.startBroker(1);
        await().atMost(PATIENCE).until(receipt::isComplete);
        assertThat(receipt.result()).isEqualTo(Receipt.ACKNOWLEDGED);
    }

    @Test
    void saysWhenAnEventIsTooLargeForEver() {
        Buffer tooLarge = Buffer.buffer(new byte[17 * 1024 * 1024]);

        Future<Receipt> receipt = outbox.send(new OutboundEvent(ERROR_TOPIC, 0, tooLarge));

        await().atMost(PATIENCE).until(receipt::isComplete);
        assertThat(receipt.result()).isEqualTo(Receipt.TOO_LARGE);
    }

    private int partitionsOf(String topic) {
        return Answers.await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .map(TopicDescription::partitions)
                .findFirst()
                .orElseThrow()
                .size();
    }
}
