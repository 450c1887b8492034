package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Attempt.TimedOut;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Http2;
import org.mediawiki.jobqueue.runner.http.TargetSettings.TlsFiles;

/** Whom we trust, who we are, and which HTTP is spoken over TLS. */
class HttpTargetTlsIT {

    private static final String HOST = "mw-jobrunner.test";
    private static X509Bundle authority;
    private static X509Bundle anotherAuthority;

    @TempDir
    private Path files;

    private Vertx vertx;

    @BeforeAll
    static void found() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=Ours")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        anotherAuthority = new CertificateBuilder()
                .subject("CN=Another")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** Knows {@link #HOST} and a name that no certificate bears. */
    @BeforeEach
    void open() {
        Buffer hosts = Buffer.buffer("127.0.0.1 " + HOST + " other.test localhost\n");
        vertx = Vertx.vertx(
                new VertxOptions().setAddressResolverOptions(new AddressResolverOptions().setHostsValue(hosts)));
    }

    @AfterEach
    void close() {
        Lane.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void verifiesTheHostOfTheUriWhateverTheHostHeaderSays() throws Exception {
        TestRunner runner = runner(options(certificate()));
        assertAnswered(lane(runner).send(Lane.job("en.wiki.example", Buffer.buffer("{}"))));
        assertThat(runner.received.get(0).authority()).isEqualTo("en.wiki.example");
        assertThat(runner.received.get(0).sni()).isEqualTo(HOST);
    }

    @Test
    void indicatesANameWithoutDotsAsWell() throws Exception {
        X509Bundle forLocalhost = valid().addSanDnsName("localhost").buildIssuedBy(authority);
        TestRunner runner = runner(options(forLocalhost));
        assertAnswered(lane(settings(runner.uri("localhost"))).send(Lane.job()));
        assertThat(runner.received.get(0).sni()).isEqualTo("localhost");
    }

    @Test
    void verifiesAnAddressAndIndicatesNone() throws Exception {
        X509Bundle forAddress = valid().addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
        TestRunner runner = runner(options(forAddress));
        assertAnswered(lane(settings(runner.uri("127.0.0.1"))).send(Lane.job()));
        assertThat(runner.received.get(0).sni()).isNull();
    }

    @Test
    void aCertificateForAnotherHostIsNotAccepted() throws Exception {
        TestRunner runner = runner(options(certificate()));
        assertNotSent(
                lane(settings(runner.uri("other.test"))).send(Lane.job(HOST, Buffer.buffer("{}"))),
                "TLS: certificate of other.test:" + runner.port() + " is for another host (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotAccepted() throws Exception {
        TestRunner runner = runner(options(valid().addSanDnsName(HOST).buildIssuedBy(anotherAuthority)));
        assertNotSent(
                lane(runner).send(Lane.job()),
                "TLS: certificate of " + HOST + ":" + runner.port() + " is signed by an unknown authority (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void theAuthoritiesOfTheJvmCountWhereNoneIsConfigured() throws Exception {
        TestRunner runner = runner(options(certificate()));
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10);
        assertNotSent(lane(settings).send(Lane.job()), "is signed by an unknown authority (");
    }

    @Test
    void anExpiredCertificateIsNotAccepted() throws Exception {
        Instant now = Instant.now();
        X509Bundle expired = new CertificateBuilder()
                .subject("CN=runner")
                .addSanDnsName(HOST)
                .notBefore(now.minus(Duration.ofDays(9)))
                .notAfter(now.minus(Duration.ofDays(1)))
                .buildIssuedBy(authority);
        TestRunner runner = runner(options(expired));
        assertNotSent(
                lane(runner).send(Lane.job()), "TLS: certificate of " + HOST + ":" + runner.port() + " has expired (");
    }

    @Test
    void aServerWithoutTlsIsNotSentTo() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        URI uri = URI.create("https://" + HOST + ":" + runner.port() + "/");
        assertNotSent(
                lane(TargetSettings.of("test", uri, 10)).send(Lane.job()),
                "TLS: " + HOST + ":" + runner.port() + " does not speak TLS");
    }

    @Test
    void aFileThatCannotBeReadSaysSo() throws Exception {
        TestRunner runner = runner(options(certificate()));
        Path missing = files.resolve("missing.pem");
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10)
                .with(new TlsFiles(Optional.of(missing), Optional.empty(), Optional.empty()));
        assertNotSent(lane(settings).send(Lane.job()), "missing.pem");
    }

    @Test
    void aRenewedAuthorityIsTrustedWithTheNextConnections() throws Exception {
        TestRunner runner = runner(options(certificate()));
        Path ca = Files.writeString(files.resolve("ca.pem"), anotherAuthority.getCertificatePEM());
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10)
                .with(new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()))
                .with(Connections.atMost(10).withMaxAge(Duration.ofMillis(1)));
        Lane lane = lane(settings);
        assertNotSent(lane.send(Lane.job()), "unknown authority");
        Files.writeString(ca, authority.getCertificatePEM());
        assertAnswered(lane.send(Lane.job()));
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void showsItsCertificateToARunnerThatAsks(Http2 http2) throws Exception {
        TestRunner runner = runner(options(certificate())
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.getCertificatePEM()))));
        X509Bundle ours = valid().addExtendedKeyUsageClientAuth().buildIssuedBy(authority);
        TlsFiles tls = new TlsFiles(
                Optional.of(caFile()),
                Optional.of(Files.writeString(files.resolve("cert.pem"), ours.getCertificatePEM())),
                Optional.of(Files.writeString(files.resolve("key.pem"), ours.getPrivateKeyPEM())));
        Connections connections = Connections.atMost(10).with(http2);
        assertAnswered(
                lane(settings(runner.uri(HOST)).with(tls).with(connections)).send(Lane.job()));
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void aRunnerThatRefusesUsWithoutACertificateHasNotSeenTheJob(Http2 http2) throws Exception {
        TestRunner runner = runner(options(certificate())
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.getCertificatePEM()))));
        TargetSettings settings =
                settings(runner.uri(HOST)).with(Connections.atMost(10).with(http2));
        assertNotSent(
                lane(settings).send(Lane.job()), "TLS: handshake with " + HOST + ":" + runner.port() + " failed (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void speaksHttp2WhereTheRunnerOffersIt() throws Exception {
        TestRunner runner = runner(options(certificate()).setUseAlpn(true));
        Lane lane = lane(runner);
        IntStream.range(0, 5).forEach(i -> assertAnswered(lane.send(Lane.job())));
        assertThat(runner.received).hasSize(5).allSatisfy(request -> {
            assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(request.authority()).isEqualTo("en.wiki.example");
            assertThat(request.headers().get("x-triggered-by")).isEqualTo("req:req-1,mediawiki.job.x:https://u");
            assertThat(request.headers().get("content-length")).isEqualTo("2");
        });
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void sendsALargeBodyOverHttp2() throws Exception {
        TestRunner runner = runner(options(certificate()).setUseAlpn(true));
        byte[] large = new byte[4 * 1024 * 1024];
        assertAnswered(lane(runner).send(Lane.job("x.example", Buffer.buffer(large))));
        assertThat(runner.received.get(0).body().getBytes()).isEqualTo(large);
    }

    @Test
    void speaksHttp11WhereHttp2IsOff() throws Exception {
        TestRunner runner = runner(options(certificate()).setUseAlpn(true));
        TargetSettings settings =
                settings(runner.uri(HOST)).with(Connections.atMost(10).with(Http2.OFF));
        assertAnswered(lane(settings).send(Lane.job()));
        assertThat(runner.received.get(0).version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aColdStartRunsAllAtOnceWhateverTheRunnerSpeaks(boolean http2) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        Promise<Void> allArrived = Promise.promise();
        HttpServerOptions options = options(certificate()).setUseAlpn(http2);
        TestRunner runner = new TestRunner(vertx, options, request -> {
            if (arrived.incrementAndGet() == 10) {
                allArrived.complete();
            }
            allArrived.future().onSuccess(now -> request.response().end());
        });
        Lane lane = lane(runner);
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 10)
                .mapToObj(i -> lane.start(Lane.job(), Lane.TIMEOUT))
                .toList();
        attempts.forEach(attempt -> assertAnswered(Lane.await(attempt)));
    }

    @Test
    void aTimeoutOverHttp2ResetsTheStreamAndKeepsTheConnection() throws Exception {
        CompletableFuture<Void> reset = new CompletableFuture<>();
        TestRunner runner = new TestRunner(vertx, options(certificate()).setUseAlpn(true), request -> {
            if (request.getHeader("content-length").equals("4")) {
                request.response().end();
            } else {
                request.response().exceptionHandler(e -> reset.complete(null));
            }
        });
        Lane lane = lane(runner);
        assertAnswered(lane.send(Lane.job("fast")));
        assertThat(lane.send(Lane.job("slow!"), Duration.ofMillis(300))).isInstanceOf(TimedOut.class);
        Lane.await(reset);
        assertAnswered(lane.send(Lane.job("fast")));
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void aStreamThatIsRefusedWasNotSentAndOneThatIsResetIsLost() throws Exception {
        TestRunner runner = new TestRunner(
                vertx,
                options(certificate()).setUseAlpn(true),
                request -> request.response()
                        .reset(request.getHeader("content-length").equals("2") ? 0x7 : 0x2));
        Lane lane = lane(runner);
        assertNotSent(lane.send(Lane.job("{}")), "REFUSED_STREAM");
        assertThat(lane.send(Lane.job("null"))).isInstanceOf(Lost.class);
    }

    private static CertificateBuilder valid() {
        return new CertificateBuilder().subject("CN=runner");
    }

    private static X509Bundle certificate() throws Exception {
        return valid().addSanDnsName(HOST).buildIssuedBy(authority);
    }

    private static HttpServerOptions options(X509Bundle certificate) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(false)
                .setSni(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
                        .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM())));
    }

    private TestRunner runner(HttpServerOptions options) {
        return new TestRunner(vertx, options, request -> request.response().end());
    }

    private Path caFile() throws IOException {
        return Files.writeString(files.resolve("ca.pem"), authority.getCertificatePEM());
    }

    private TargetSettings settings(URI uri) throws IOException {
        return TargetSettings.of("test", uri, 10)
                .with(new TlsFiles(Optional.of(caFile()), Optional.empty(), Optional.empty()));
    }

    private Lane lane(TestRunner runner) throws IOException {
        return lane(settings(runner.uri(HOST)));
    }

    private Lane lane(TargetSettings settings) {
        return new Lane(vertx, settings);
    }

    private static void assertAnswered(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Answered.class);
    }

    private static void assertNotSent(Attempt attempt, String reason) {
        assertThat(attempt)
                .isInstanceOfSatisfying(
                        NotSent.class, notSent -> assertThat(notSent.reason()).contains(reason));
    }
}
