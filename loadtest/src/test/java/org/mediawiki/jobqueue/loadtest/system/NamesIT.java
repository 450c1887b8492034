package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** A process that starts before any name of a broker resolves, as when a machine boots before its name servers are up. */
final class NamesIT {

    private static final int SIGTERM_EXIT = 143;
    private static final String KNOWN = "127.0.0.1 localhost\n";

    @TempDir
    private Path folder;

    private final int port = new FreePorts(new SecureRandom()).find(1).get(0);

    @Test
    void theServiceWaitsForANameOfKafkaAndThenRunsJobs() throws IOException {
        Path names = Files.writeString(folder.resolve("hosts"), KNOWN);
        JobEvent job = new JobEvents(8, Clock.systemUTC()).next(JobShape.of("Plain"));
        try (TestBed bed = new TestBed();
                ServiceProcess process = start(bed, names)) {
            bed.createTopics("Plain");
            bed.produce(job);
            awaitHealth(process);
            HttpResponse<String> start = TestBed.get(port, "/startedz");
            assertThat(start.statusCode()).isEqualTo(503);
            assertThat(start.body()).contains("kafka.test:");

            Files.writeString(names, KNOWN + "127.0.0.1 kafka.test\n");

            bed.awaitRequests(job, 1);
            await().atMost(TestBed.PATIENCE)
                    .until(() -> TestBed.get(port, "/startedz").statusCode() == 200);
            assertThat(process.log()).contains("A name of kafka.bootstrap_servers resolves");
            process.terminate();
            assertThat(process.awaitExit(TestBed.PATIENCE)).isEqualTo(SIGTERM_EXIT);
        }
    }

    @Test
    void aSignalEndsTheWait() throws IOException {
        Path names = Files.writeString(folder.resolve("hosts"), KNOWN);
        try (TestBed bed = new TestBed();
                ServiceProcess process = start(bed, names)) {
            awaitHealth(process);

            process.terminate();

            assertThat(process.awaitExit(Duration.ofSeconds(10))).isEqualTo(SIGTERM_EXIT);
        }
    }

    private ServiceProcess start(TestBed bed, Path names) {
        String yaml = bed.yaml(Setup.plain().withKeys("admin: {port: " + port + "}"));
        return ServiceProcess.startWithNames(
                names,
                folder,
                yaml.replaceFirst("bootstrap_servers: \\[\"[^:]+:", "bootstrap_servers: [\"kafka.test:"));
    }

    private void awaitHealth(ServiceProcess process) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(process.isAlive()).as(process.log()).isTrue();
            assertThat(process.log()).contains("No name of kafka.bootstrap_servers resolves");
            assertThat(TestBed.get(port, "/healthz").statusCode()).isEqualTo(200);
        });
    }
}
