package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.schedule.ReleasedRecords.Seen;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Page;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** SPEC guarantees 1, 2 and 5, against a real broker. */
final class SchedulerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path kafkaFolder;

    private static EmbeddedKafka kafka;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<Scheduler> schedulers = new ArrayList<>();
    private Topics topics;
    private String service;
    private Admin admin;
    private KafkaOutbox outbox;
    private ReleasedRecords reader;

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

    @Test
    void releasesTheVeryBytesSoonAfterTheirTimeAndNeverBefore() {
        scheduler("state");
        byte[] bytes = new byte[2_000];
        new Random(1).nextBytes(bytes);
        Instant due = Instant.now().plusSeconds(6);

        send(IntStream.range(0, 200)
                .mapToObj(i -> event(due.plusMillis(i * 10L), "refreshLinks", Buffer.buffer(bytes)))
                .toList());

        List<Seen> seen = reader.await(200);
        assertThat(seen).allSatisfy(one -> {
            assertThat(one.record().value()).isEqualTo(bytes);
            Instant itsDue = Instant.parse(
                    new String(one.record().headers().lastHeader("due").value(), StandardCharsets.UTF_8));
            // How late is for a benchmark: this machine may be busy.
            assertThat(one.at()).isBetween(itsDue, itsDue.plusSeconds(10));
        });
    }

    @Test
    void afterAKillNothingIsLostAndNothingComesTwice() throws IOException, InterruptedException {
        Path ofChild = folder.resolve("child");
        Process child = SchedulerProcess.start(kafka.bootstrapServers(), service, ofChild);
        try {
            Instant start = Instant.now();
            // Due from 8 s on, one each 5 ms: there is always something under way when the process is killed.
            send(IntStream.range(0, 4_000)
                    .mapToObj(i -> event(start.plusMillis(8_000 + i * 5L), "refreshLinks", text("job " + i)))
                    .toList());
            assertThat(reader.await(800)).hasSizeLessThan(4_000);
        } finally {
            child.destroyForcibly().waitFor();
        }

        scheduler("empty");

        reader.await(4_000);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(4_000)
                .doesNotHaveDuplicates();
    }

    @Test
    void aBrokerThatIsAwayForAWhileOnlyMeansWaiting() throws IOException {
        Scheduler scheduler = scheduler("state");
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        Instant start = Instant.now();
        send(IntStream.range(0, 500)
                .mapToObj(i -> event(start.plusMillis(3_000 + i * 20L), "refreshLinks", text("job " + i)))
                .toList());
        reader.await(50);

        kafka.stopBroker(1);
        await().pollDelay(Duration.ofSeconds(15)).atMost(PATIENCE).until(() -> true);
        kafka.startBroker(1);

        reader.await(500);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(500)
                .doesNotHaveDuplicates();
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
    }

    @Test
    void withOtherClientsItGoesOnWhereItWas() {
        Scheduler scheduler = scheduler("state");
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        Instant start = Instant.now();
        send(IntStream.range(0, 500)
                .mapToObj(i -> event(start.plusMillis(1_000 + i * 20L), "refreshLinks", text("job " + i)))
                .toList());
        reader.await(50);

        scheduler.renew();

        await().atMost(PATIENCE).until(() -> scheduler.unready().isPresent());
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        reader.await(500);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    @Test
    void largeEventsWaitAndSurviveARestoreAsWell() throws InterruptedException {
        Scheduler first = scheduler("first");
        byte[] large = new byte[4 * 1024 * 1024];
        new Random(2).nextBytes(large);
        Instant due = Instant.now().plusSeconds(15);
        send(List.of(event(due, "refreshLinks", Buffer.buffer(large)), event(due, "cdnPurge", Buffer.buffer(large))));
        await().atMost(PATIENCE).until(() -> first.depthByType().size() == 2);
        first.close(Duration.ofSeconds(20));

        scheduler("second");

        assertThat(reader.await(2))
                .allSatisfy(seen -> assertThat(seen.record().value()).isEqualTo(large));
    }

    @Test
    void garbageIsHandedOnAndStopsNothing() {
        scheduler("state");
        Instant due = Instant.now().plusSeconds(1);

        for (int partition = 0; partition < SchedulerProcess.PARTITIONS; partition++) {
            acknowledged(outbox.send(new OutboundEvent(topics.scheduledTopic(), partition, text("garbage"))));
        }
        send(IntStream.range(0, 20)
                .mapToObj(i -> event(due, "refreshLinks", text("job " + i)))
                .toList());

        assertThat(reader.await(24)).extracting(Seen::text).contains("the header due is missing", "job 0", "job 19");
    }

    @Test
    void whatItsTopicDoesNotTakeGoesToTheErrorTopic() {
        Answers.await(admin.createTopics(List.of(new NewTopic(topics.retryTopicOf(main("small")), 1, (short) 1)
                        .configs(Map.of("max.message.bytes", "2000"))))
                .all());
        scheduler("state");
        byte[] bytes = new byte[3_000];
        new Random(3).nextBytes(bytes);
        Instant due = Instant.now().plusSeconds(1);

        send(List.of(event(due, "small", Buffer.buffer(bytes)), event(due, "small", text("fits"))));

        assertThat(reader.await(2))
                .extracting(Seen::text)
                .containsExactlyInAnyOrder("fits", topics.retryTopicOf(main("small")) + " does not take 3000 bytes");
    }

    @Test
    void operatorsListRunAndDropWhatWaits() {
        Scheduler scheduler = scheduler("state");
        WaitingJobs jobs = scheduler.waitingJobs(outbox);
        Instant due = Instant.now().plus(Duration.ofDays(6));
        send(IntStream.range(0, 100)
                .mapToObj(i -> event(due.plusMillis(i / 10), i % 2 == 0 ? "even" : "odd", text("job " + i)))
                .toList());
        await().atMost(PATIENCE)
                .until(() -> jobs.countByType().equals(new Answer.Known<>(Map.of("even", 50L, "odd", 50L))));

        List<Waiting> all = pages(jobs, Optional.empty());
        List<Waiting> odd = pages(jobs, Optional.of("odd"));
        Future<Void> dropped = jobs.drop(odd.stream().map(Waiting::id).toList());
        Future<Void> run = jobs.runNow(List.of(all.get(0).id()));

        assertThat(all)
                .hasSize(100)
                .doesNotHaveDuplicates()
                .extracting(Waiting::due)
                .isSorted();
        assertThat(odd).hasSize(50);
        await().atMost(PATIENCE).until(() -> dropped.succeeded() && run.succeeded());
        assertThat(reader.await(1))
                .extracting(Seen::text)
                .containsExactly(all.get(0).value().toString());
        await().atMost(PATIENCE).until(() -> jobs.countByType().equals(new Answer.Known<>(Map.of("even", 49L))));
        assertThat(jobs.find(all.get(0).id())).isEqualTo(new Answer.Known<>(Optional.empty()));
    }

    @Test
    void whileItIsNotReadyItSaysSo() {
        Scheduler scheduler = SchedulerProcess.scheduler(
                SchedulerProcess.config("127.0.0.1:1"), topics, folder.resolve("state"), admin);
        schedulers.add(scheduler);
        WaitingJobs jobs = scheduler.waitingJobs(outbox);

        assertThat(jobs.countByType()).isInstanceOf(Answer.NotYet.class);
        scheduler.start();

        assertThat(jobs.list(Optional.empty(), Optional.empty(), 10)).isInstanceOf(Answer.NotYet.class);
        assertThat(scheduler.unready()).isPresent();
    }

    private Scheduler scheduler(String state) {
        Scheduler scheduler = SchedulerProcess.scheduler(
                SchedulerProcess.config(kafka.bootstrapServers()), topics, folder.resolve(state), admin);
        schedulers.add(scheduler);
        scheduler.start();
        return scheduler;
    }

    private ScheduledEvent event(Instant due, String type, Buffer value) {
        return new ScheduledEvent(due, topics.retryTopicOf(main(type)), 0, Reason.DELAY, value);
    }

    private void send(List<ScheduledEvent> events) {
        acknowledged(Future.all(events.stream()
                .map(event -> outbox.send(event.outbound(topics)))
                .toList()));
    }

    private static void acknowledged(Future<?> sent) {
        await().atMost(PATIENCE).until(sent::isComplete);
        if (sent.result() instanceof Receipt receipt) {
            assertThat(receipt).isEqualTo(Receipt.ACKNOWLEDGED);
        }
    }

    private static List<Waiting> pages(WaitingJobs jobs, Optional<String> type) {
        List<Waiting> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page page = jobs.list(type, after, 7).match(one -> one, why -> {
                throw new AssertionError(why);
            });
            found.addAll(page.waiting());
            after = page.next();
        } while (after.isPresent());
        return found;
    }

    private static String main(String type) {
        return "eqiad.mediawiki.job." + type;
    }

    private static Buffer text(String text) {
        return Buffer.buffer(text);
    }
}
