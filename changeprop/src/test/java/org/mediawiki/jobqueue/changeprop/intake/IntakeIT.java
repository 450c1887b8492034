package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.LogLines;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.config.Secret;
import org.mediawiki.jobqueue.changeprop.config.ServerTlsConfig;
import org.mediawiki.jobqueue.changeprop.intake.RawClient.Answer;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** The intake's port, over real connections; only Kafka is a fake. */
class IntakeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String EVENTS = "/v1/events";
    private static final String JOB = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"id":"i","dt":"2026-11-22T11:20:33Z","request_id":"r",\
            "stream":"mediawiki.job.refreshLinks"},"database":"enwiki","type":"refreshLinks","params":{}}""";

    private final FakeStore store = new FakeStore();
    private final Heard heard = new Heard();
    private final Vertx vertx = Intake.vertx();
    private @Nullable String deployment;

    private Duration patience = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private long room = 64 << 20;
    private Set<String> allow = Set.of();
    private @Nullable Secret secret;
    private ServerTlsConfig tls = new ServerTlsConfig(null, null);
    private Duration certificateInterval = RenewedCertificate.INTERVAL;

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    void aPostIsAnsweredWhenItsEventsAreSafeAndNotBefore() throws Exception {
        store.keepSilent();
        try (RawClient client = new RawClient(open())) {
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(() -> client.post(EVENTS, "[" + JOB + "," + JOB + "]"));
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 2);
            store.tell(1);
            assertThat(answer).isNotDone();

            store.tell(1);

            assertThat(answer.get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Answer(201, "All 2 out of 2 events were accepted.", ""));
            assertThat(store.events())
                    .allSatisfy(event -> assertThat(event.value()).hasToString(JOB));
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() {
        try (RawClient client = new RawClient(open())) {
            client.send(RawClient.head(EVENTS, JOB.length(), "content-type: application/json", "Expect: 100-continue"));
            assertThat(client.answer().status()).isEqualTo(100);

            assertThat(client.send(JOB).answer().status()).isEqualTo(201);
            assertThat(client.post(EVENTS, JOB).status())
                    .as("the connection goes on")
                    .isEqualTo(201);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsSentWhereTheClientAsks() {
        try (RawClient client = new RawClient(open())) {
            client.send(RawClient.head(EVENTS, 11 << 20, "Expect: 100-continue"));

            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aClientThatSendsTooMuchHearsOfIt() {
        int port = open();
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, "x".repeat(11 << 20)).status()).isEqualTo(413);
        }
        try (RawClient client = new RawClient(port)) {
            client.send("POST " + EVENTS + " HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
            String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
            for (int mebibyte = 0; mebibyte < 11; mebibyte++) {
                client.send(chunk);
            }
            assertThat(client.send("0\r\n\r\n").answer().status()).isEqualTo(413);
        }
        awaitNothingInHand();
    }

    @Test
    void aBodyOfExactlyTheLimitIsTakenAndOneOfAByteMoreIsNot() {
        String most = JOB + " ".repeat((10 << 20) - JOB.length());
        int port = open();
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, most).status()).isEqualTo(201);
            client.send("POST " + EVENTS + " HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
            client.send("a00000\r\n" + most + "\r\n0\r\n\r\n");
            assertThat(client.answer().status()).as("of unknown length").isEqualTo(201);
        }
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, most + " ").status()).isEqualTo(413);
        }
        awaitNothingInHand();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "201 | content-type: application/json",
                "201 | content-type: Application/JSON; charset=utf-8",
                "201 | content-type: text/plain",
                "201 | x-nothing: said",
                "415 | content-type: application/x-www-form-urlencoded",
                "415 | content-type: multipart/form-data; boundary=x",
                "415 | content-encoding: gzip"
            })
    void takesWhatItCanRead(int status, String header) {
        try (RawClient client = new RawClient(open())) {
            assertThat(client.post(EVENTS, JOB, header).status()).isEqualTo(status);
        }
    }

    /** A browser sends text anywhere without asking; what it cannot leave out is whose page told it to. */
    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost:8192", "null"})
    void takesNothingFromWebPages(String origin) {
        try (RawClient client = new RawClient(open())) {
            Answer answer = client.post(EVENTS, JOB, "content-type: text/plain", "origin: " + origin);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.phrase()).contains("Origin");
        }
        assertThat(store.events()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "404, POST, /",
        "404, POST, /v2/events",
        "405, GET, /v1/events",
        "405, PUT, /v1/events",
        "405, POST, /v1/_test/events"
    })
    void hasTwoPathsAndNoMore(int status, String method, String path) {
        try (RawClient client = new RawClient(open())) {
            client.send(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void aBatchWithOneBadEventIsTakenWithoutIt() {
        try (RawClient client = new RawClient(open())) {
            Answer answer = client.post(EVENTS, "[" + JOB + ",{\"meta\":7}]");

            assertThat(answer.status()).isEqualTo(207);
            assertThat(answer.phrase())
                    .isEqualTo("1 out of 2 events were accepted, but 1 failed (1 invalid and 0 errored).");
            assertThat(answer.body()).startsWith("{\"invalid\":[{\"status\":\"invalid\",\"event\":{\"meta\":7},");
            assertThat(store.events()).hasSize(1);
        }
    }

    @Test
    void whoIsInAHurryIsAnsweredAtOnce() {
        store.keepSilent();
        try (RawClient client = new RawClient(open())) {
            assertThat(client.post(EVENTS + "?hasty=true", JOB).status()).isEqualTo(202);
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 1);
            assertThat(heard.bytes()).as("still in hand").isPositive();
            store.tell(1);
        }
        awaitNothingInHand();
    }

    /** The store asks before it makes the topic of a job type that is new: by then who is in a hurry has the answer. */
    @Test
    void whatWasAnsweredInAHurryIsWantedUntilPatienceEnds() {
        patience = Duration.ofSeconds(5);
        store.keepSilent();
        try (RawClient client = new RawClient(open())) {
            assertThat(client.post(EVENTS + "?hasty=true", JOB).status()).isEqualTo(202);
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 1);
            assertThat(store.isWanted()).isTrue();
            await().atMost(PATIENCE).until(() -> !store.isWanted());
            store.tell(1);
        }
        awaitNothingInHand();
    }

    @Test
    void whenPatienceEndsOnlyWhatIsSafeIsCalledSafe() {
        patience = Duration.ofMillis(1_500);
        store.keepSilent();
        try (RawClient client = new RawClient(open())) {
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(() -> client.post(EVENTS, "[" + JOB + "," + JOB + "]"));
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 2);
            store.tell(1);

            assertThat(answer.join().status()).isEqualTo(207);
            assertThat(answer.join().body()).contains("\"status\":\"error\"", "it may still be written");
            assertThat(heard.bytes()).as("still in hand").isPositive();
            store.tell(1);
        }
        awaitNothingInHand();
    }

    @Test
    void whoFindsNoRoomWaitsAndIsSentAwayWithAReason() {
        patience = Duration.ofSeconds(1);
        room = JOB.length();
        store.keepSilent();
        int port = open();
        try (RawClient first = new RawClient(port);
                RawClient second = new RawClient(port)) {
            first.send(RawClient.head(EVENTS, JOB.length())).send(JOB);
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 1);

            Answer answer = second.post(EVENTS, JOB);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"invalid\":[],\"error\":[]}");
            assertThat(first.answer().status()).as("nobody lies to who is in").isEqualTo(500);
            store.tell(1);
        }
        awaitNothingInHand();
    }

    @Test
    void slowSendersAreCutAndLeaveNothingBehind() {
        try (RawClient client = new RawClient(open())) {
            client.send(RawClient.head(EVENTS, JOB.length())).send(JOB.substring(0, 10));
            await().atMost(PATIENCE).until(() -> heard.bytes() == JOB.length());

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.isClosed()).isTrue();
        }
        awaitNothingInHand();
    }

    /** Six whose length is not said fill the room, and a seventh waits in front of everybody else. */
    @Test
    void bodiesThatTrickleDoNotKeepOthersOut() {
        int port = open();
        List<RawClient> trickling = new ArrayList<>();
        ScheduledExecutorService drops = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < 7; i++) {
                RawClient client = new RawClient(port);
                trickling.add(client);
                client.send("POST " + EVENTS + " HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n");
                var unused = drops.scheduleWithFixedDelay(() -> client.send("1\r\nx\r\n"), 0, 1, TimeUnit.SECONDS);
            }
            await().atMost(PATIENCE).until(() -> heard.waiting() == 1);

            try (RawClient honest = new RawClient(port)) {
                assertThat(honest.post(EVENTS, JOB).status()).isEqualTo(201);
            }

            await().atMost(PATIENCE).until(() -> heard.answers(408) == 7);
        } finally {
            drops.shutdownNow();
            trickling.forEach(RawClient::close);
        }
        awaitNothingInHand();
    }

    @Test
    void whoHangsUpLeavesNothingBehind() {
        int port = open();
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(port)) {
                client.send(RawClient.head(EVENTS, JOB.length())).send(JOB.substring(0, i));
                await().atMost(PATIENCE).until(() -> heard.bytes() == JOB.length());
            }
            awaitNothingInHand();
        }
        await().atMost(PATIENCE).until(() -> heard.connections() == 0);
        assertThat(store.events()).isEmpty();
    }

    @Test
    void connectionsThatAskForNothingAreClosed() {
        idleTimeout = Duration.ofMillis(500);
        int port = open();
        try (RawClient silent = new RawClient(port);
                RawClient slow = new RawClient(port);
                RawClient idle = new RawClient(port)) {
            slow.send("POST /v1/events HTTP/1.1\r\nhost:");
            assertThat(idle.post(EVENTS, JOB).status()).isEqualTo(201);

            assertThat(silent.isClosed()).isTrue();
            assertThat(slow.isClosed()).isTrue();
            assertThat(idle.isClosed()).isTrue();
        }
    }

    @Test
    void strangersAreRefused() {
        secret = new Secret("s3cret");
        int port = open();
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, JOB).status()).isEqualTo(401);
        }
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, JOB, "authorization: Bearer s3cret").status())
                    .isEqualTo(201);
        }
    }

    @Test
    void addressesThatAreNotAllowedAreRefused() {
        allow = Set.of("10.0.0.0/8");
        try (RawClient client = new RawClient(open())) {
            assertThat(client.post(EVENTS, JOB).status()).isEqualTo(403);
        }
        assertThat(store.events()).isEmpty();
    }

    /** What they asked would be refused, so they need not take the idle timeout to ask. */
    @Test
    void connectionsFromElsewhereAreClosedSoon() {
        allow = Set.of("10.0.0.0/8");
        int port = open();
        try (RawClient silent = new RawClient(port);
                RawClient slow = new RawClient(port)) {
            slow.send("POST /v1/events HTTP/1.1\r\nhost:");

            assertThat(silent.isClosed()).isTrue();
            assertThat(slow.isClosed()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> heard.connections() == 0);
    }

    @Test
    void theTestPathWritesACanaryEvent() {
        try (RawClient client = new RawClient(open())) {
            client.send("GET /v1/_test/events HTTP/1.1\r\nhost: localhost\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(201);
            assertThat(store.events())
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.value().toString()).contains("\"domain\":\"canary\"", "\"dt\":"));
        }
    }

    @Test
    void aStopFinishesWhatIsInHandAndThenRefuses() throws Exception {
        store.keepSilent();
        int port = open();
        try (RawClient client = new RawClient(port)) {
            client.send(RawClient.head(EVENTS, JOB.length())).send(JOB);
            await().atMost(PATIENCE).until(() -> store.silentAbout() == 1);
            CompletableFuture<Void> stopped =
                    vertx.undeploy(deployment).toCompletionStage().toCompletableFuture();
            await().atMost(PATIENCE).until(() -> refuses(port));
            assertThat(store.isClosed()).isFalse();

            store.tell(1);

            assertThat(client.answer().status()).isEqualTo(201);
            stopped.get(20, TimeUnit.SECONDS);
            assertThat(store.isClosed()).isTrue();
        }
    }

    @Test
    void speaksTlsWhereItHasACertificate(@TempDir Path files) throws Exception {
        X509Bundle certificate = certificate();
        tls = write(certificate, files);
        int port = open();

        HttpResponse<String> answer = postOverTls(port, certificate);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(store.events()).hasSize(1);
        try (RawClient plain = new RawClient(port)) {
            plain.send(RawClient.head(EVENTS, JOB.length())).send(JOB);
            assertThat(plain.awaitClose()).doesNotContain("HTTP/1.1");
        }
        assertThat(store.events()).as("nothing is taken without").hasSize(1);
    }

    @Test
    void aRenewedCertificateIsTakenAndWhatIsNoneIsNot(@TempDir Path files) throws Exception {
        X509Bundle first = certificate();
        X509Bundle renewed = certificate();
        tls = write(first, files);
        certificateInterval = Duration.ofMillis(50);
        int port = open();
        assertThat(postOverTls(port, first).statusCode()).isEqualTo(201);

        write(renewed, files);

        await().atMost(PATIENCE).ignoreExceptions().until(() -> isTaken(port, renewed));
        try (LogLines log = LogLines.of(RenewedCertificate.class)) {
            Files.writeString(files.resolve("certificate.pem"), "no certificate");
            await().atMost(PATIENCE).until(() -> !log.warnings().isEmpty());

            assertThat(postOverTls(port, renewed).statusCode()).isEqualTo(201);
            assertThat(log.warnings()).singleElement().asString().contains("keeps the one that it has");
        }
    }

    @Test
    void whereAnotherListensAlreadyTheNewerGetsEveryConnection() throws Exception {
        assumeThat(vertx.isNativeTransportEnabled()).as("two may listen").isTrue();
        int port = open();
        Vertx another = Intake.vertx();
        try {
            Heard newer = new Heard();
            done(another.deployVerticle(intake(port, newer)));

            for (int i = 0; i < 50; i++) {
                post(port);
            }

            assertThat(newer.answers()).isEqualTo(50);
            assertThat(heard.answers()).isZero();
        } finally {
            done(another.close());
        }
        post(port);
        assertThat(heard.answers())
                .as("where the newer is gone the older takes over")
                .isEqualTo(1);
    }

    /** As the extension does it: each post has a connection of its own, and none is sent again. */
    @Test
    void whenOneRelievesTheOtherNoConnectionIsRefusedOrReset() throws Exception {
        assumeThat(vertx.isNativeTransportEnabled()).as("two may listen").isTrue();
        int port = open();
        AtomicBoolean over = new AtomicBoolean();
        List<AtomicInteger> posts = new ArrayList<>();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            AtomicInteger count = new AtomicInteger();
            posts.add(count);
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        while (!over.get()) {
                            post(port);
                            count.incrementAndGet();
                        }
                    },
                    task -> new Thread(task, "client").start()));
        }
        Vertx present = vertx;
        for (int relief = 0; relief < 10; relief++) {
            Vertx next = Intake.vertx();
            done(next.deployVerticle(intake(port, new Heard())));
            // Whatever the older one was given is answered when each client has gone on to the newer.
            List<Integer> before = counts(posts);
            await().atMost(PATIENCE)
                    .until(() -> failed(clients)
                            || IntStream.range(0, clients.size())
                                    .allMatch(i -> posts.get(i).get() > before.get(i) + 10));
            if (present != vertx) {
                done(present.close());
            } else {
                done(vertx.undeploy(deployment));
            }
            present = next;
        }
        over.set(true);

        assertThat(clients).allSatisfy(client -> assertThat(client).succeedsWithin(PATIENCE));
        done(present.close());
    }

    /** Whatever is sent, the answer says whose fault it is, and nothing stays in hand. */
    @Test
    void noRequestIsAnsweredAsAFaultOfOurs() {
        Random random = new Random(21);
        int port = open();
        List<Integer> statuses = new ArrayList<>();
        for (int round = 0; round < 1_000; round++) {
            byte[] body = ("[" + JOB + "," + JOB + "]").getBytes(UTF_8);
            for (int change = random.nextInt(4); change > 0; change--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
            try (RawClient client = new RawClient(port)) {
                client.send(RawClient.head(EVENTS, length)).send(java.util.Arrays.copyOf(body, length));
                statuses.add(client.answer().status());
            }
        }

        assertThat(statuses).isSubsetOf(201, 207, 400).contains(201, 207, 400);
        awaitNothingInHand();
    }

    private int open() {
        Intake intake = intake(0, heard);
        deployment = done(vertx.deployVerticle(intake));
        return intake.port();
    }

    private Intake intake(int port, IntakeListener listener) {
        IntakeConfig config = new IntakeConfig(
                true,
                "127.0.0.1",
                port,
                Set.of(),
                allow,
                secret,
                patience,
                DataSize.ofMebibytes(10),
                20_000,
                idleTimeout,
                tls);
        Topics topics = new Topics("eqiad", "cpjobqueue");
        return new Intake(config, topics, store, listener, room, certificateInterval);
    }

    private void awaitNothingInHand() {
        await().atMost(PATIENCE).until(() -> heard.bytes() == 0);
    }

    private static void post(int port) {
        try (RawClient client = new RawClient(port)) {
            assertThat(client.post(EVENTS, JOB, "connection: close").status()).isEqualTo(201);
        }
    }

    private static List<Integer> counts(List<AtomicInteger> counters) {
        return counters.stream().map(AtomicInteger::get).toList();
    }

    private static boolean failed(List<CompletableFuture<Void>> clients) {
        return clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    private static X509Bundle certificate() throws Exception {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static ServerTlsConfig write(X509Bundle certificate, Path folder) throws IOException {
        return new ServerTlsConfig(
                Files.writeString(folder.resolve("certificate.pem"), certificate.getCertificatePathPEM()),
                Files.writeString(folder.resolve("key.pem"), certificate.getPrivateKeyPEM()));
    }

    /** Over a connection of its own. */
    private static HttpResponse<String> postOverTls(int port, X509Bundle trusted) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusting(trusted))
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + EVENTS))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(JOB))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isTaken(int port, X509Bundle trusted) throws Exception {
        return postOverTls(port, trusted).statusCode() == 201;
    }

    private static SSLContext trusting(X509Bundle authority) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust(authority)}, null);
        return context;
    }

    private static TrustManager trust(X509Bundle authority) throws GeneralSecurityException {
        try {
            KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
            known.load(null, null);
            known.setCertificateEntry("ours", authority.getCertificate());
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(known);
            return factory.getTrustManagers()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean refuses(int port) {
        try {
            new RawClient(port).close();
            return false;
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof ConnectException;
        }
    }

    private static <T> T done(io.vertx.core.Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** What the intake told last. */
    private static final class Heard implements IntakeListener {

        private volatile long bytes;
        private volatile int waiting;
        private volatile int connections;
        private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

        @Override
        public void answered(int status, Duration took) {
            answers.merge(status, 1, Integer::sum);
        }

        @Override
        public void judged(int accepted, int invalid, int error) {}

        @Override
        public void connections(int open) {
            connections = open;
        }

        @Override
        public void inHand(long now, int posts) {
            bytes = now;
            waiting = posts;
        }

        long bytes() {
            return bytes;
        }

        int waiting() {
            return waiting;
        }

        int connections() {
            return connections;
        }

        int answers() {
            return answers.values().stream().mapToInt(Integer::intValue).sum();
        }

        int answers(int status) {
            return answers.getOrDefault(status, 0);
        }
    }
}
