package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInCertificate;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;
import org.mediawiki.jobqueue.runner.http.HttpTarget;

/**
 * A datacenter switch: the target's name moves to another address under traffic. All new requests go there within
 * {@code max_connection_age}, none fails, and what runs is not cut.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 is not on loopback by itself")
@Alone
final class TargetMoveIT {

    private static final String NAME = "jobrunner.discovery.test";
    private static final Duration AGE = Duration.ofSeconds(3);

    /** A hosts file is read once a second at most, and requests take their time to arrive on a busy machine. */
    private static final Duration LATENESS = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofSeconds(6);

    @TempDir
    private Path folder;

    @Execution(CONCURRENT)
    @ParameterizedTest(name = "HTTP/2: {0}")
    @ValueSource(booleans = {false, true})
    void newRequestsGoToTheNewAddressAndNoneFails(boolean http2) throws IOException {
        Path hosts = write("127.0.0.1");
        StandInOptions options = StandInOptions.defaults()
                .withHttp2(http2)
                .withCertificate(StandInCertificate.good(Clock.systemUTC(), NAME));
        try (TestBed bed = new TestBed(options);
                StandInRunner there = StandInRunner.start(
                        options.withAddress("127.0.0.2").withPort(bed.runner().port()))) {
            StandInRunner here = bed.runner();
            here.on(type("Long")).answer(ok().after(LONG));
            bed.createTopics("Short", "Long");
            bed.start(
                    Setup.plain()
                            .withTarget("max_connection_age: 3s, timeout: 30s")
                            .aimedAt(uri(here), here.caFile()),
                    HttpTarget.nameResolution().setHostsPath(hosts.toString()));
            long moved;
            Set<String> ids;
            JobEvent atWork = new JobEvents(23, Clock.systemUTC()).next(JobShape.of("Long"));
            try (SteadyTraffic traffic = new SteadyTraffic(bed, Map.of("Short", 5))) {
                bed.awaitEnded("Short", 50);
                bed.produce(atWork);
                await().atMost(TestBed.PATIENCE)
                        .until(() -> !here.ledger().requests(atWork.id()).isEmpty());

                write("127.0.0.2");
                moved = here.ledger().nowNanos();

                await().atMost(TestBed.PATIENCE).until(() -> there.ledger().count() > 250);
                ids = traffic.ids();
            }
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Short"), bed.topic("Long")));

            assertThat(ids)
                    .allSatisfy(id -> assertThat(requests(id, here, there))
                            .singleElement()
                            .satisfies(request ->
                                    assertThat(request.ending().status()).isEqualTo(200)));
            Duration last = Duration.ofNanos(lastStart(here.ledger()) - moved);
            System.out.printf("HTTP/2 %s: the last request to the old address came after %s%n", http2, last);
            assertThat(bed.ran(moved, lastStart(here.ledger()))).isLessThan(AGE.plus(LATENESS));
            assertThat(requests(atWork.id(), here, there))
                    .as("what ran there was not cut")
                    .singleElement()
                    .satisfies(request -> assertThat(request.ending().status()).isEqualTo(200));
            assertThat(bed.ends(List.of(bed.errorTopic())).values()).containsOnly(0L);
        }
    }

    private Path write(String address) throws IOException {
        return Files.writeString(folder.resolve("hosts"), address + " " + NAME + "\n127.0.0.1 localhost\n");
    }

    private static URI uri(StandInRunner runner) {
        return URI.create(runner.rpcUri().toString().replace("localhost", NAME));
    }

    private static List<RecordedRequest> requests(String id, StandInRunner here, StandInRunner there) {
        return Stream.of(here, there)
                .flatMap(runner -> runner.ledger().requests(id).stream())
                .toList();
    }

    private static long lastStart(RequestLedger ledger) {
        return ledger.requests().stream()
                .mapToLong(request -> request.span().startNanos())
                .max()
                .orElseThrow();
    }
}
