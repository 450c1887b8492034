package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.StandInRunner.done;

import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What a client that verifies makes of each certificate. */
final class StandInCertificateIT {

    private final Clock clock = Clock.systemUTC();

    @Test
    void aGoodOneHoldsForTheNameAndTheAddress() {
        StandInOptions options = StandInOptions.defaults().withHttp2(false);
        try (StandInRunner runner = StandInRunner.start(options);
                JobClient client = new JobClient(runner, HttpVersion.HTTP_1_1)) {
            assertThat(done(client.post(runner.rpcUri(), "{}")).status()).isEqualTo(200);
            assertThat(done(client.post(URI.create(runner.rpcUri().toString().replace("localhost", "127.0.0.1")), "{}"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneOfAnotherAuthorityIsNotTrusted() {
        assertThat(failureWith(StandInCertificate.ofAnotherAuthority(clock))).contains("path");
    }

    @Test
    void oneForAnotherHostIsNotTrusted() {
        assertThat(failureWith(StandInCertificate.forAnotherHost(clock))).contains("localhost");
    }

    @Test
    void anExpiredOneIsNotTrusted() {
        assertThat(failureWith(StandInCertificate.expired(clock))).contains("CertificateExpired");
    }

    @Test
    void neverShowsItsKey() {
        assertThat(StandInCertificate.good(clock, "mw-jobrunner.test").toString())
                .doesNotContain("PRIVATE");
    }

    private static String failureWith(StandInCertificate certificate) {
        StandInOptions options = StandInOptions.defaults().withCertificate(certificate);
        try (StandInRunner runner = StandInRunner.start(options);
                JobClient client = new JobClient(runner, HttpVersion.HTTP_2)) {
            return JobClient.failureOf(client.post(runner.rpcUri(), "{}"));
        }
    }
}
