package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.StandInCertificate;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** SPEC section 5, TLS failure: a runner that cannot prove who it is is sent nothing, and no job dies of it. */
final class CertificateIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final JobEvents events = new JobEvents(13, Clock.systemUTC());

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void jobsWaitWhileTheCertificateIsBad(String what, StandInCertificate bad) throws IOException {
        StandInCertificate good = StandInCertificate.good(Clock.systemUTC());
        // Both authorities are trusted, so that nothing but the runner's certificate decides.
        Path trusted = Files.writeString(folder.resolve("ca.pem"), bad.caPem() + good.caPem());
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Plain");
            TopicTail errors = bed.tail(bed.errorTopic());
            List<JobEvent> jobs = events.next(50, JobShape.of("Plain"));
            bed.produce(jobs);
            StandInRunner impostor =
                    StandInRunner.start(StandInOptions.defaults().withCertificate(bad));
            Service service = bed.start(Setup.plain().aimedAt(impostor.rpcUri(), trusted));
            awaitHolds(bed, service);
            assertThat(bed.admin(service, "/readyz").statusCode()).isEqualTo(503);
            assertThat(bed.admin(service, "/readyz").body()).contains("TLS");
            assertThat(bed.admin(service, "/healthz").statusCode()).isEqualTo(200);
            impostor.close();

            try (StandInRunner runner = StandInRunner.start(
                    StandInOptions.defaults().withPort(impostor.port()).withCertificate(good))) {
                runner.ledger().awaitEnded(jobs.size(), SOON);
                bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain")));
                assertThat(runner.ledger().ranMoreThanOnce()).isEmpty();
                await().atMost(SOON).until(() -> bed.admin(service, "/readyz").statusCode() == 200);
            }
            assertThat(impostor.ledger().count()).isZero();
            assertThat(errors.all()).isEmpty();
        }
    }

    static Stream<Arguments> jobsWaitWhileTheCertificateIsBad() {
        return Stream.of(
                Arguments.of("of another authority", StandInCertificate.ofAnotherAuthority(Clock.systemUTC())),
                Arguments.of("for another host", StandInCertificate.forAnotherHost(Clock.systemUTC())),
                Arguments.of("expired", StandInCertificate.expired(Clock.systemUTC())));
    }

    private static void awaitHolds(TestBed bed, Service service) {
        await().atMost(TestBed.PATIENCE)
                .until(() -> bed.scrape(service).sum("jobqueue_verdicts_total", "verdict=\"hold\"") >= 2);
    }
}
