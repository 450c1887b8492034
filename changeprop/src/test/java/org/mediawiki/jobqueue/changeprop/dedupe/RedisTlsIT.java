package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.dedupe.DeduplicationContract.NOON;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.config.RedisConfig;
import org.mediawiki.jobqueue.changeprop.config.TlsConfig;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/** A Redis behind TLS. */
final class RedisTlsIT {

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final int port = new FreePorts(new Random()).find(1).get(0);
    private Path authority;
    private RedisServerForTests server;

    @BeforeEach
    void start() throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=redis.test")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        authority = Files.writeString(folder.resolve("ca.pem"), bundle.getCertificatePEM());
        Path key = Files.writeString(folder.resolve("key.pem"), bundle.getPrivateKeyPEM());
        server = RedisServerForTests.start(
                "tls-port " + port,
                "tls-cert-file " + authority,
                "tls-key-file " + key,
                "tls-ca-cert-file " + authority,
                "tls-auth-clients no");
    }

    @AfterEach
    void stop() {
        server.close();
        vertx.close();
    }

    @Test
    void isUsedWhereItsAuthorityIsTrusted() {
        try (OnItsContext encrypted = OnItsContext.patient(vertx, redis("127.0.0.1", Optional.of(authority)));
                OnItsContext plain = OnItsContext.patient(vertx, server.uri())) {
            plain.done(TestJobs.plain("1", NOON), NOON);
            plain.seenBefore(TestJobs.plain("2", NOON));

            assertThat(encrypted.seenBefore(TestJobs.plain("1", NOON))).contains(DuplicateOf.ID);
        }
    }

    @Test
    void isNotUsedWhereItsAuthorityIsUnknown() {
        try (OnItsContext distrustful = OnItsContext.patient(vertx, redis("127.0.0.1", Optional.empty()))) {
            distrustful.seenBefore(TestJobs.plain("1", NOON));

            assertThat(distrustful.unchecked(StoreTrouble.UNAVAILABLE)).isOne();
        }
    }

    @Test
    void isNotUsedUnderAnotherName() {
        try (OnItsContext misled = OnItsContext.patient(vertx, redis("localhost", Optional.of(authority)))) {
            misled.seenBefore(TestJobs.plain("1", NOON));

            assertThat(misled.unchecked(StoreTrouble.UNAVAILABLE)).isOne();
        }
    }

    private RedisConfig redis(String host, Optional<Path> ca) {
        return new RedisConfig(URI.create("rediss://" + host + ":" + port), new TlsConfig(ca.orElse(null), null, null));
    }
}
