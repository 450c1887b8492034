package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** A real broker for a class of tests, and for each of them topics, a group and a folder of its own. */
abstract class SchedulerBed {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path kafkaFolder;

    static EmbeddedKafka kafka;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    final List<Scheduler> schedulers = new ArrayList<>();
    Topics topics;
    String service;
    Admin admin;
    KafkaOutbox outbox;
    ReleasedRecords reader;

    @BeforeAll
    static void startKafka() throws IOException {
        EmbeddedKafkaOptions options = EmbeddedKafkaOptions.in(kafkaFolder);
        kafka = EmbeddedKafka.start(options.withTopics(options.topics().withAutoCreate(false)));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    /** Every test has a service, and so topics and a group, of its own. */
    @BeforeEach
    void start(TestInfo test) {
        service = "svc-" + test.getTestMethod().orElseThrow().getName();
        topics = new Topics("eqiad", service);
        KafkaConfig config = SchedulerProcess.config(kafka.bootstrapServers());
        KafkaClients clients = new KafkaClients(config, "test");
        admin = clients.admin();
        outbox = new KafkaOutbox(
                vertx,
                clients.producer(),
                new OwnTopics(admin, topics, SchedulerProcess.PARTITIONS, (short) 1),
                Executors.newSingleThreadScheduledExecutor(),
                (topic, partition) -> {});
        reader = new ReleasedRecords(
                kafka.bootstrapServers(), Pattern.compile("eqiad\\." + service + "\\.(retry|error).*"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Scheduler scheduler : schedulers) {
            scheduler.close(Duration.ofSeconds(20));
        }
        reader.close();
        outbox.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        vertx.close();
    }

    final Scheduler scheduler(String state) {
        Scheduler scheduler = SchedulerProcess.scheduler(
                SchedulerProcess.config(kafka.bootstrapServers()), topics, folder.resolve(state), admin);
        schedulers.add(scheduler);
        scheduler.start();
        return scheduler;
    }

    final ScheduledEvent event(Instant due, String type, Buffer value) {
        return new ScheduledEvent(due, topics.retryTopicOf(main(type)), 0, Reason.DELAY, value);
    }

    final void send(List<ScheduledEvent> events) {
        acknowledged(Future.all(events.stream()
                .map(event -> outbox.send(event.outbound(topics)))
                .toList()));
    }

    static void acknowledged(Future<?> sent) {
        await().atMost(PATIENCE).until(sent::isComplete);
        if (sent.result() instanceof Receipt receipt) {
            assertThat(receipt).isEqualTo(Receipt.ACKNOWLEDGED);
        }
    }

    static String main(String type) {
        return "eqiad.mediawiki.job." + type;
    }

    static Buffer text(String text) {
        return Buffer.buffer(text);
    }
}
