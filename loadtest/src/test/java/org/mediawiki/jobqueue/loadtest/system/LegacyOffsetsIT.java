package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import picocli.CommandLine;

/** Coming from the legacy service's groups, and going back to them. */
final class LegacyOffsetsIT {

    private static final Setup SETUP = Setup.lanes("main: {jobs: {Own: {concurrency: 5}, Parted: {concurrency: 5}}}");

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(32, Clock.systemUTC());

    /** What a command ended with. */
    private record Ran(int exitCode, String out, String err) {}

    @Test
    void importTakesOverWhereTheLegacyServiceStandsAndExportHandsBack() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own", "Low", "Parted");
            List<JobEvent> own = produce(bed, "Own");
            List<JobEvent> low = produce(bed, "Low");
            List<JobEvent> parted = produce(bed, "Parted");
            bed.commit(legacy(bed, "Own"), bed.topic("Own"), 7);
            bed.commit(legacy(bed, "low_traffic_jobs"), bed.topic("Own"), 3);
            bed.commit(legacy(bed, "low_traffic_jobs"), bed.topic("Low"), 8);
            bed.commit(legacy(bed, "Parted_partitioner"), bed.topic("Parted"), 9);

            Ran dry = run(bed, "import", "--dry-run");

            assertThat(dry.exitCode()).isZero();
            assertThat(dry.out())
                    .contains("3 to set, 0 are there already")
                    .containsPattern(bed.topic("Own") + " +0 +" + legacy(bed, "Own") + " +" + bed.group() + " +7");
            assertThat(bed.committed(bed.group())).isEmpty();

            assertThat(run(bed, "import").exitCode()).isZero();
            assertThat(run(bed, "import").out()).contains("0 to set, 3 are there already");
            Service service = bed.start(SETUP);
            List<String> topics = List.of(bed.topic("Own"), bed.topic("Low"), bed.topic("Parted"));
            bed.awaitCommitted(bed.group(), topics);
            Ran busy = run(bed, "export");
            assertThat(busy.exitCode()).isEqualTo(1);
            assertThat(busy.err()).contains("Nothing was set").contains(bed.group());
            assertThat(bed.committed(legacy(bed, "Own"))).containsEntry(partition(bed, "Own"), 7L);
            bed.stop(service);

            assertThat(run(bed, "export").exitCode()).isZero();

            assertThat(bed.committed(legacy(bed, "Own"))).containsEntry(partition(bed, "Own"), 10L);
            assertThat(bed.committed(legacy(bed, "low_traffic_jobs")))
                    .containsEntry(partition(bed, "Own"), 10L)
                    .containsEntry(partition(bed, "Low"), 10L);
            assertThat(bed.committed(legacy(bed, "Parted_partitioner"))).containsEntry(partition(bed, "Parted"), 10L);
            assertThat(bed.runner().ledger().requests().stream()
                            .map(request -> request.job().event().id()))
                    .containsExactlyInAnyOrder(
                            own.get(7).id(),
                            own.get(8).id(),
                            own.get(9).id(),
                            low.get(8).id(),
                            low.get(9).id(),
                            parted.get(9).id());
        }
    }

    @Test
    void importSetsNothingBackAndNothingWhileTheLegacyServiceWorks() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own");
            produce(bed, "Own");
            bed.commit(bed.group(), bed.topic("Own"), 8);
            bed.commit(legacy(bed, "Own"), bed.topic("Own"), 4);

            assertThat(run(bed, "import").out()).contains("0 to set").contains("1 have come farther and stay");
            assertThat(bed.committed(bed.group())).containsEntry(partition(bed, "Own"), 8L);

            bed.commit(legacy(bed, "Own"), bed.topic("Own"), 9);
            try (KafkaConsumer<byte[], byte[]> atWork = legacyConsumer(bed)) {
                Ran busy = run(bed, "import");
                assertThat(busy.exitCode()).isEqualTo(1);
                assertThat(busy.err()).contains(legacy(bed, "Own"));
                assertThat(bed.committed(bed.group())).containsEntry(partition(bed, "Own"), 8L);
                atWork.unsubscribe();
            }
        }
    }

    @Test
    void theMirrorKeepsTheLegacyGroupsWhereOursStandUnlessTheyHaveMembers() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own");
            bed.produce(events.next(6, JobShape.of("Own")));
            bed.commit(legacy(bed, "Own"), bed.topic("Own"), 2);
            try (KafkaConsumer<byte[], byte[]> atWork = legacyConsumer(bed)) {
                bed.start(SETUP.withKafka("mirror_legacy_offsets: true"));
                bed.awaitCommitted(bed.group(), List.of(bed.topic("Own")));
                assertThat(bed.runner().ledger().count())
                        .as("it began where the legacy group stood")
                        .isEqualTo(4);
                // Two rounds of the mirror: whoever is in the group would notice.
                await().during(Duration.ofSeconds(6)).atMost(TestBed.PATIENCE).until(() -> {
                    atWork.poll(Duration.ofMillis(50));
                    return bed.committed(legacy(bed, "Own")).getOrDefault(partition(bed, "Own"), 0L) == 2;
                });
            }
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(bed.committed(legacy(bed, "Own"))).containsEntry(partition(bed, "Own"), 6L));
        }
    }

    @Test
    void theMirrorIsRightAtTheVeryEnd() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own");
            Service service = bed.start(SETUP.withKafka("mirror_legacy_offsets: true"));
            bed.produce(events.next(1, JobShape.of("Own")));
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(bed.committed(legacy(bed, "Own"))).containsEntry(partition(bed, "Own"), 1L));
            bed.produce(events.next(3, JobShape.of("Own")));
            bed.awaitEnded("Own", 4);

            bed.stop(service);

            assertThat(bed.committed(legacy(bed, "Own"))).containsEntry(partition(bed, "Own"), 4L);
        }
    }

    private List<JobEvent> produce(TestBed bed, String type) {
        List<JobEvent> jobs = events.next(10, JobShape.of(type));
        bed.produce(jobs);
        return jobs;
    }

    /** A member of a group of the legacy service, as brokers see it. */
    private static KafkaConsumer<byte[], byte[]> legacyConsumer(TestBed bed) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", SharedKafka.bootstrapServers(),
                        "group.id", legacy(bed, "Own"),
                        "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(bed.topic("Own")));
        await().atMost(TestBed.PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        return consumer;
    }

    private Ran run(TestBed bed, String... arguments) {
        try {
            Path config = Files.writeString(folder.resolve("config.yaml"), bed.yaml(SETUP));
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine commandLine =
                    JobQueueCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
            String[] all = new String[arguments.length + 3];
            all[0] = "offsets";
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            all[arguments.length + 1] = "--config";
            all[arguments.length + 2] = config.toString();
            return new Ran(commandLine.execute(all), out.toString(), err.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String legacy(TestBed bed, String rule) {
        return bed.group() + "-" + rule;
    }

    private static TopicPartition partition(TestBed bed, String type) {
        return new TopicPartition(bed.topic(type), 0);
    }
}
