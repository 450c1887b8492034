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
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void verifiesTheHostOfTheUriWhateverTheHostHeaderSays() throws Exception {
        TestRunner runner = runner(options(certificate()));
        assertAnswered(sender(runner).send(SendingContext.job("en.wiki.example", Buffer.buffer("{}"))));
        assertThat(runner.received.get(0).authority()).isEqualTo("en.wiki.example");
        assertThat(runner.received.get(0).sni()).isEqualTo(HOST);
    }

    @Test
    void indicatesANameWithoutDotsAsWell() throws Exception {
        X509Bundle forLocalhost = valid().addSanDnsName("localhost").buildIssuedBy(authority);
        TestRunner runner = runner(options(forLocalhost));
        assertAnswered(sender(settings(runner.uri("localhost"))).send(SendingContext.job()));
        assertThat(runner.received.get(0).sni()).isEqualTo("localhost");
    }

    @Test
    void verifiesAnAddressAndIndicatesNone() throws Exception {
        X509Bundle forAddress = valid().addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
        TestRunner runner = runner(options(forAddress));
        assertAnswered(sender(settings(runner.uri("127.0.0.1"))).send(SendingContext.job()));
        assertThat(runner.received.get(0).sni()).isNull();
    }

    @Test
    void aCertificateForAnotherHostIsNotAccepted() throws Exception {
        TestRunner runner = runner(options(certificate()));
        assertNotSent(
                sender(settings(runner.uri("other.test"))).send(SendingContext.job(HOST, Buffer.buffer("{}"))),
                "TLS: certificate of other.test:" + runner.port() + " is for another host (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotAccepted() throws Exception {
        TestRunner runner = runner(options(valid().addSanDnsName(HOST).buildIssuedBy(anotherAuthority)));
        assertNotSent(
                sender(runner).send(SendingContext.job()),
                "TLS: certificate of " + HOST + ":" + runner.port() + " is signed by an unknown authority (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void theAuthoritiesOfTheJvmCountWhereNoneIsConfigured() throws Exception {
        TestRunner runner = runner(options(certificate()));
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10);
        assertNotSent(sender(settings).send(SendingContext.job()), "is signed by an unknown authority (");
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
                sender(runner).send(SendingContext.job()),
                "TLS: certificate of " + HOST + ":" + runner.port() + " has expired (");
    }

    @Test
    void aServerWithoutTlsIsNotSentTo() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        URI uri = URI.create("https://" + HOST + ":" + runner.port() + "/");
        assertNotSent(
                sender(TargetSettings.of("test", uri, 10)).send(SendingContext.job()),
                "TLS: " + HOST + ":" + runner.port() + " does not speak TLS");
    }

    @Test
    void aFileThatCannotBeReadSaysSo() throws Exception {
        TestRunner runner = runner(options(certificate()));
        Path missing = files.resolve("missing.pem");
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10)
                .with(new TlsFiles(Optional.of(missing), Optional.empty(), Optional.empty()));
        assertNotSent(sender(settings).send(SendingContext.job()), "missing.pem");
    }

    @Test
    void aRenewedAuthorityIsTrustedWithTheNextConnections() throws Exception {
        TestRunner runner = runner(options(certificate()));
        Path ca = Files.writeString(files.resolve("ca.pem"), anotherAuthority.getCertificatePEM());
        TargetSettings settings = TargetSettings.of("test", runner.uri(HOST), 10)
                .with(new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()))
                .with(Connections.atMost(10).withMaxAge(Duration.ofMillis(1)));
        SendingContext sender = sender(settings);
        assertNotSent(sender.send(SendingContext.job()), "unknown authority");
        Files.writeString(ca, authority.getCertificatePEM());
        assertAnswered(sender.send(SendingContext.job()));
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void showsItsCertificateToARunnerThatAsks(Http2 http2) throws Exception {
        TestRunner runner = runner(askingForOurCertificate());
        Connections connections = Connections.atMost(10).with(http2);
        assertAnswered(sender(settings(runner.uri(HOST)).with(ours(authority)).with(connections))
                .send(SendingContext.job()));
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void aRunnerThatRefusesOurCertificateHasNotSeenTheJob(Http2 http2) throws Exception {
        TestRunner runner = runner(askingForOurCertificate());
        Connections connections = Connections.atMost(10).with(http2);
        assertNotSent(
                sender(settings(runner.uri(HOST)).with(ours(anotherAuthority)).with(connections))
                        .send(SendingContext.job()),
                "TLS: handshake with " + HOST + ":" + runner.port() + " failed (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void aRenewedCertificateOfOursIsShownWithTheNextConnections() throws Exception {
        TestRunner runner = runner(askingForOurCertificate());
        SteppedTime time = new SteppedTime();
        TargetSettings settings = settings(runner.uri(HOST)).with(ours(anotherAuthority));
        SendingContext sender = new SendingContext(vertx, settings, time);
        assertNotSent(sender.send(SendingContext.job()), "handshake");
        ours(authority);
        assertNotSent(sender.send(SendingContext.job()), "handshake");
        time.advance(Connections.DEFAULT_MAX_AGE);
        assertAnswered(sender.send(SendingContext.job()));
    }

    /** A certificate and its key are two files: whoever renews them cannot do it in one moment. */
    @Test
    void filesThatDidNotFitForAMomentAreReadAgainSoon() throws Exception {
        TestRunner runner = runner(askingForOurCertificate());
        SteppedTime time = new SteppedTime();
        TlsFiles tls = ours(authority);
        String key = Files.readString(tls.key().orElseThrow());
        Files.writeString(tls.key().orElseThrow(), "half wri");
        SendingContext sender =
                new SendingContext(vertx, settings(runner.uri(HOST)).with(tls), time);
        assertThat(sender.send(SendingContext.job())).isInstanceOf(NotSent.class);
        Files.writeString(tls.key().orElseThrow(), key);
        time.advance(Generations.LEAST_AGE);
        assertThat(sender.send(SendingContext.job())).isInstanceOf(NotSent.class);
        assertAnswered(sender.send(SendingContext.job()));
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void aRunnerThatRefusesUsWithoutACertificateHasNotSeenTheJob(Http2 http2) throws Exception {
        TestRunner runner = runner(askingForOurCertificate());
        TargetSettings settings =
                settings(runner.uri(HOST)).with(Connections.atMost(10).with(http2));
        assertNotSent(
                sender(settings).send(SendingContext.job()),
                "TLS: handshake with " + HOST + ":" + runner.port() + " failed (");
        assertThat(runner.received).isEmpty();
    }

    @Test
    void speaksHttp2WhereTheRunnerOffersIt() throws Exception {
        TestRunner runner = runner(options(certificate()).setUseAlpn(true));
        SendingContext sender = sender(runner);
        IntStream.range(0, 5).forEach(i -> assertAnswered(sender.send(SendingContext.job())));
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
        assertAnswered(sender(runner).send(SendingContext.job("x.example", Buffer.buffer(large))));
        assertThat(runner.received.get(0).body().getBytes()).isEqualTo(large);
    }

    @Test
    void speaksHttp11WhereHttp2IsOff() throws Exception {
        TestRunner runner = runner(options(certificate()).setUseAlpn(true));
        TargetSettings settings =
                settings(runner.uri(HOST)).with(Connections.atMost(10).with(Http2.OFF));
        assertAnswered(sender(settings).send(SendingContext.job()));
        assertThat(runner.received.get(0).version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void readsAnswersWithSixtyKibibytesOfHeaders(Http2 http2) throws Exception {
        String debugging = "x".repeat(1024);
        TestRunner runner = new TestRunner(vertx, options(certificate()).setUseAlpn(true), request -> {
            IntStream.range(0, 57).forEach(i -> request.response().putHeader("x-debug-" + i, debugging));
            request.response().setStatusCode(500).end();
        });
        SendingContext sender =
                sender(settings(runner.uri(HOST)).with(Connections.atMost(10).with(http2)));
        assertThat(sender.send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().headers()).containsEntry("x-debug-56", debugging));
        assertThat(runner.received)
                .singleElement()
                .satisfies(request -> assertThat(request.version())
                        .isEqualTo(http2 == Http2.AUTO ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1));
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
        SendingContext sender = sender(runner);
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 10)
                .mapToObj(i -> sender.start(SendingContext.job(), SendingContext.TIMEOUT))
                .toList();
        attempts.forEach(attempt -> assertAnswered(SendingContext.await(attempt)));
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
        SendingContext sender = sender(runner);
        assertAnswered(sender.send(SendingContext.job("fast")));
        assertThat(sender.send(SendingContext.job("slow!"), Duration.ofMillis(300)))
                .isInstanceOf(TimedOut.class);
        SendingContext.await(reset);
        assertAnswered(sender.send(SendingContext.job("fast")));
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void aStreamThatIsRefusedWasNotSentAndOneThatIsResetIsLost() throws Exception {
        TestRunner runner = new TestRunner(
                vertx,
                options(certificate()).setUseAlpn(true),
                request -> request.response()
                        .reset(request.getHeader("content-length").equals("2") ? 0x7 : 0x2));
        SendingContext sender = sender(runner);
        assertThat(sender.send(SendingContext.job("{}"))).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.reason()).contains("REFUSED_STREAM");
            assertThat(notSent.connected()).isTrue();
        });
        assertThat(sender.send(SendingContext.job("null"))).isInstanceOf(Lost.class);
    }

    private static CertificateBuilder valid() {
        return new CertificateBuilder().subject("CN=runner");
    }

    private static X509Bundle certificate() throws Exception {
        return valid().addSanDnsName(HOST).buildIssuedBy(authority);
    }

    private static HttpServerOptions askingForOurCertificate() throws Exception {
        return options(certificate())
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.getCertificatePEM())));
    }

    /** Writes a certificate of ours, over any that was there. */
    private TlsFiles ours(X509Bundle issuer) throws Exception {
        X509Bundle ours = valid().addExtendedKeyUsageClientAuth().buildIssuedBy(issuer);
        return new TlsFiles(
                Optional.of(caFile()),
                Optional.of(Files.writeString(files.resolve("cert.pem"), ours.getCertificatePEM())),
                Optional.of(Files.writeString(files.resolve("key.pem"), ours.getPrivateKeyPEM())));
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

    private SendingContext sender(TestRunner runner) throws IOException {
        return sender(settings(runner.uri(HOST)));
    }

    private SendingContext sender(TargetSettings settings) {
        return new SendingContext(vertx, settings);
    }

    private static void assertAnswered(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Answered.class);
    }

    private static void assertNotSent(Attempt attempt, String reason) {
        assertThat(attempt).isInstanceOfSatisfying(NotSent.class, notSent -> {
            assertThat(notSent.reason()).contains(reason);
            assertThat(notSent.connected()).isFalse();
        });
    }
}
