package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.fault.SmallDisk;
import org.mediawiki.jobqueue.loadtest.generate.EventBusClient;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Behaviour;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** {@code jobqueue standalone} as a process of its own: one small wiki, and nothing else to run. */
final class StandaloneIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final int KILLS = SOAK ? 10 : 1;
    private static final Duration PATIENCE = TestBed.PATIENCE.plusSeconds(40);
    private static final String TYPE = "refreshLinks";

    @TempDir
    private Path folder;

    private final List<Integer> ports = new FreePorts(new SecureRandom()).find(2);
    private final int port = ports.get(0);
    private final int adminPort = ports.get(1);
    private final JobEvents events = new JobEvents(23, Clock.systemUTC());
    private final EventBusClient client = new EventBusClient(port, Duration.ofSeconds(5));

    @Test
    void whatWasAcceptedIsRunHoweverOftenTheProcessIsKilled() throws Exception {
        Random random = new Random(4);
        Set<String> safe = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        Thread poster = new Thread(() -> {
            while (!over.get()) {
                post(safe);
            }
        });
        try (StandInRunner wiki =
                StandInRunner.start(StandInOptions.defaults().withDetail(RequestLedger.Detail.HASHES))) {
            poster.start();
            List<Duration> starts = new ArrayList<>();
            for (int kill = 1; kill <= KILLS; kill++) {
                int safeBefore = safe.size();
                try (ServiceProcess process = start(wiki)) {
                    starts.add(untilNextJob(wiki, process));
                    await().atMost(PATIENCE).until(() -> safe.size() > safeBefore + 50 + random.nextInt(200));
                    process.kill();
                }
            }
            try (ServiceProcess process = start(wiki)) {
                starts.add(untilNextJob(wiki, process));
                over.set(true);
                poster.join();
                awaitDone(wiki, process, safe);
                System.out.printf(
                        "%d events were accepted; from a start to its first job %s; %s MB%n",
                        safe.size(), starts, process.residentMegabytes());
                process.terminate();
                assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
            }
        } finally {
            over.set(true);
        }
    }

    /** Where this machine allows no disk of its own for a process, there is none to be filled. */
    @Test
    void whatWasAcceptedIsRunThoughTheDiskWasFull() throws Exception {
        Set<String> safe = ConcurrentHashMap.newKeySet();
        try (SmallDisk disk = smallDisk();
                StandInRunner wiki =
                        StandInRunner.start(StandInOptions.defaults().withDetail(RequestLedger.Detail.HASHES))) {
            try (ServiceProcess process = start(wiki, disk::around)) {
                postUntilMoreAreSafeThan(50, safe, process);
                disk.fill();
                await().atMost(PATIENCE).until(() -> {
                    post(safe);
                    return !process.isAlive();
                });
                assertThat(process.log()).containsPattern("Kafka ends this process: the disk of .* is full");
            }
            try (ServiceProcess process = start(wiki, disk::around)) {
                assertThat(process.awaitExit(PATIENCE)).isEqualTo(1);
                assertThat(process.log())
                        .contains("is on a disk that is full: 0 KiB are left")
                        .doesNotContain("\tat ");
            }
            disk.relieve();
            try (ServiceProcess process = start(wiki, disk::around)) {
                awaitDone(wiki, process, safe);
                postUntilMoreAreSafeThan(safe.size(), safe, process);
                awaitDone(wiki, process, safe);
                process.terminate();
                assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
            }
        }
    }

    private SmallDisk smallDisk() {
        try {
            return SmallDisk.over(folder.resolve("data"));
        } catch (IOException e) {
            return abort("a full disk cannot be tried here: " + e.getMessage());
        }
    }

    /** In soak size it waits until the wiki is asked again; else a restart does not. */
    @Test
    void aWikiThatIsNotSetUpKeepsItsJobs() throws Exception {
        try (StandInRunner wiki = StandInRunner.start(StandInOptions.defaults())) {
            Behaviour off = status(501)
                    .body(
                            "{\"message\":\"Set $wgEventBusEnableRunJobAPI to true to enable the internal EventBus API\"}");
            wiki.on(type(TYPE)).answerTimes(1, off).then(ok());
            JobEvent job = events.next(JobShape.of(TYPE));
            try (ServiceProcess process = start(wiki)) {
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> client.post(List.of(job.bytes())).statusCode() == 201);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(process.log())
                                .contains("wait, at first for PT30S: HTTP 501: Set $wgEventBusEnableRunJobAPI"));
                if (!SOAK) {
                    assertThat(wiki.ledger().count()).isEqualTo(1);
                    process.terminate();
                    assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
                    try (ServiceProcess next = start(wiki)) {
                        awaitDone(wiki, next, Set.of(job.id()));
                        next.terminate();
                        assertThat(next.awaitExit(PATIENCE)).isEqualTo(143);
                    }
                }
                awaitDone(wiki, process, Set.of(job.id()));
            }
        }
    }

    /** As `run` does: a limit is changed without a restart, so that of the chart's embedded mode needs none either. */
    @Test
    void aChangeOfTheFileHoldsWithoutARestart() throws Exception {
        try (StandInRunner wiki = StandInRunner.start(StandInOptions.defaults());
                ServiceProcess process = start(wiki)) {
            JobEvent job = events.next(JobShape.of(TYPE));
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> client.post(List.of(job.bytes())).statusCode() == 201);
            awaitDone(wiki, process, Set.of(job.id()));
            assertThat(limit()).as("that of a file without lanes").isEqualTo(4);

            process.configure(yaml(wiki) + "lanes: {main: {target: wiki, jobs: {" + TYPE + ": {concurrency: 7}}}}\n");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(limit()).as(process::log).isEqualTo(7));
            assertThat(process.log()).doesNotContain("only a restart of this process makes it hold");
        }
    }

    /**
     * The folder was written by the version of 2026-11-25, before folders said by what they were made: three jobs done, one
     * of a read-only wiki, two behind it, two that were due minutes later.
     */
    @Test
    void aFolderOfAnEarlierVersionIsTakenUpAndOneOfALaterIsLeftAlone() throws Exception {
        unpack("/standalone/folder-of-2026-11-25.zip", folder.resolve("data"));
        try (StandInRunner wiki = StandInRunner.start(StandInOptions.defaults())) {
            try (ServiceProcess process = start(wiki)) {
                JobEvent job = events.next(JobShape.of(TYPE));
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> client.post(List.of(job.bytes())).statusCode() == 201);

                Set<String> toBeDone =
                        Set.of("read-only-1", "waiting-1", "waiting-2", "delayed-1", "delayed-2", job.id());
                awaitDone(wiki, process, toBeDone);

                assertThat(wiki.ledger().requests())
                        .extracting(request -> request.job().event().id())
                        .as("what was done is not done again")
                        // An answer that is too late for its client has the client post again.
                        .containsOnly(toBeDone.toArray(String[]::new));
                process.terminate();
                assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
            }
            Files.writeString(
                    folder.resolve("data/kafka/cluster.properties"), "\nlayout=2\n", StandardOpenOption.APPEND);
            try (ServiceProcess refused = start(wiki)) {
                assertThat(refused.awaitExit(PATIENCE)).isEqualTo(1);
                assertThat(refused.log()).contains("was made by a later version of the job queue (layout is 2");
            }
        }
    }

    /** As the extension does: one after the other, each once; what is not answered with 201 is nobody's. */
    private void post(Set<String> safe) {
        List<JobEvent> batch = events.next(3, JobShape.of(TYPE));
        try {
            List<Buffer> bytes = batch.stream().map(JobEvent::bytes).toList();
            if (client.post(bytes).statusCode() == 201) {
                batch.forEach(job -> safe.add(job.id()));
            }
        } catch (IOException down) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void postUntilMoreAreSafeThan(int count, Set<String> safe, ServiceProcess process) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            post(safe);
            assertThat(safe.size()).as(process::log).isGreaterThan(count);
        });
    }

    private static void awaitDone(StandInRunner wiki, ServiceProcess process, Collection<String> ids) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wiki.ledger().notDone(Set.copyOf(ids)))
                        .as(process::log)
                        .isEmpty());
    }

    private static Duration untilNextJob(StandInRunner wiki, ServiceProcess process) {
        long started = wiki.ledger().nowNanos();
        int seen = wiki.ledger().count();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(wiki.ledger().count()).as(process::log).isGreaterThan(seen));
        return Duration.ofMillis(
                Duration.ofNanos(wiki.ledger().nowNanos() - started).toMillis());
    }

    private static void unpack(String resource, Path into) throws IOException {
        try (InputStream bytes = StandaloneIT.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(bytes)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(zip, path);
                }
            }
        }
    }

    private ServiceProcess start(StandInRunner wiki) {
        return start(wiki, UnaryOperator.identity());
    }

    private ServiceProcess start(StandInRunner wiki, UnaryOperator<List<String>> around) {
        return ServiceProcess.standalone(folder, yaml(wiki), around);
    }

    private String yaml(StandInRunner wiki) {
        return """
                standalone: {folder: "%s"}
                targets:
                  wiki: {uri: "%s", tls: {ca: "%s"}, timeout: 30s}
                intake: {port: %d}
                admin: {port: %d}
                """.formatted(folder.resolve("data"), wiki.restUri(), wiki.caFile(), port, adminPort);
    }

    private double limit() {
        return Scrape.of(TestBed.get(adminPort, "/metrics").body())
                .sum("jobqueue_slots_limit", "type=\"" + TYPE + "\"");
    }
}
