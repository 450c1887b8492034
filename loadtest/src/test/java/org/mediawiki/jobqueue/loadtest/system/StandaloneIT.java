package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
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
    private static final int KILLS = SOAK ? 10 : 2;
    private static final Duration PATIENCE = TestBed.PATIENCE.plusSeconds(40);
    private static final String TYPE = "refreshLinks";

    @TempDir
    private Path folder;

    private final int port = new FreePorts(new SecureRandom()).find(1).get(0);
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
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(wiki.ledger().notDone(safe)).isEmpty());
                System.out.printf(
                        "%d events were accepted; from a start to its first job %s; %s%n",
                        safe.size(), starts, process.residentMegabytes());
                process.terminate();
                assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
            }
        } finally {
            over.set(true);
        }
    }

    @Test
    void aWikiThatIsNotSetUpKeepsItsJobs() throws Exception {
        try (StandInRunner wiki = StandInRunner.start(StandInOptions.defaults())) {
            Behaviour off = status(501)
                    .body(
                            "{\"message\":\"Set $wgEventBusEnableRunJobAPI to true to enable the internal EventBus API\"}");
            wiki.on(type(TYPE)).answerTimes(1, off).then(ok());
            try (ServiceProcess process = start(wiki)) {
                JobEvent job = events.next(JobShape.of(TYPE));
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> client.post(List.of(job.bytes())).statusCode() == 201);

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(process.log())
                                .contains("wait, at first for PT30S: HTTP 501: Set $wgEventBusEnableRunJobAPI"));
                await().atMost(PATIENCE.plusSeconds(30))
                        .untilAsserted(() -> assertThat(wiki.ledger().notDone(Set.of(job.id())))
                                .isEmpty());
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
            Thread.onSpinWait();
        }
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

    private ServiceProcess start(StandInRunner wiki) {
        return ServiceProcess.standalone(
                folder, """
                standalone: {folder: "%s"}
                targets:
                  wiki: {uri: "%s", tls: {ca: "%s"}, timeout: 30s}
                intake: {port: %d}
                admin: {port: 0}
                """.formatted(folder.resolve("data"), wiki.restUri(), wiki.caFile(), port));
    }
}
