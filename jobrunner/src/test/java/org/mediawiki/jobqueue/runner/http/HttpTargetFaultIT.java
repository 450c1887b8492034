package org.mediawiki.jobqueue.runner.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Attempt.TimedOut;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;

/** What is told apart when something goes wrong: never sent, lost, too late. */
class HttpTargetFaultIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    private static final String DONE = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    private Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void aRefusedConnectionIsNotSent() throws IOException {
        int port = unusedPort();
        assertThat(sender(URI.create("http://127.0.0.1:" + port + "/")).send(SendingContext.job()))
                .isEqualTo(new NotSent("connection refused by 127.0.0.1:" + port));
    }

    @Test
    void aConnectionThatDoesNotOpenInTimeIsNotSent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Accepts by its backlog and never says a word of TLS.
            URI uri = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            SendingContext sender = new SendingContext(
                    vertx,
                    TargetSettings.of("test", uri, 2).with(Connections.atMost(2).withConnectTimeout(SHORT)));
            assertThat(sender.send(SendingContext.job()))
                    .isEqualTo(new NotSent("no connection to 127.0.0.1:" + silent.getLocalPort() + " within 300 ms"));
        }
    }

    @Test
    void aTimeoutBeforeTheConnectionIsOpenIsNotSent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(sender(uri).send(SendingContext.job(), SHORT))
                    .isEqualTo(new NotSent("no connection to 127.0.0.1:" + silent.getLocalPort() + " within 300 ms"));
        }
    }

    @Test
    void aConnectionThatIsClosedInsteadOfAnAnswerIsLost() {
        RawServer server = new RawServer(vertx, (socket, piece) -> socket.close());
        assertThat(sender(server).send(SendingContext.job()))
                .isEqualTo(new Lost(
                        "connection to 127.0.0.1:" + server.port() + " lost before the answer: Connection was closed"));
        assertThat(server.requests).as("requests, without a hidden retry").hasValue(1);
    }

    @Test
    void aConnectionThatIsResetIsLost() throws Exception {
        try (ServerSocket resetting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + resetting.getLocalPort() + "/");
            var attempt = sender(uri).start(SendingContext.job(), SendingContext.TIMEOUT);
            try (java.net.Socket socket = resetting.accept()) {
                assertThat(socket.getInputStream().read()).isEqualTo('P');
                socket.setSoLinger(true, 0);
            }
            assertThat(SendingContext.await(attempt)).isInstanceOf(Lost.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    void anAnswerCutInItsHeadIsLost(String start) {
        RawServer server = new RawServer(vertx, (socket, piece) -> say(socket, start));
        assertThat(sender(server).send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.reason()).contains("before the answer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\ncut\r\n",
            })
    void anAnswerCutInItsBodyIsLost(String start) {
        RawServer server = new RawServer(vertx, (socket, piece) -> say(socket, start));
        assertThat(sender(server).send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.reason()).contains("lost within the answer (HTTP 200)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no HTTP at all\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
            })
    void anAnswerThatIsNonsenseIsLost(String nonsense) {
        RawServer server = new RawServer(vertx, (socket, piece) -> socket.write(nonsense));
        assertThat(sender(server).send(SendingContext.job(), Duration.ofSeconds(5)))
                .isInstanceOf(Lost.class);
    }

    /** What follows is the answer to the first request; whoever is sent over the same connection must not take it for theirs. */
    @Test
    void anInterimAnswerIsNoneAndWhatFollowsIsNobodyElses() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {
            if (piece == 1) {
                socket.write("HTTP/1.1 102 Processing\r\n\r\n");
                vertx.setTimer(200, later -> socket.write(DONE));
            }
        });
        SendingContext sender = sender(server);

        assertThat(sender.send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.reason()).contains("HTTP 102"));
        assertThat(sender.send(SendingContext.job())).isInstanceOf(Lost.class);
        assertThat(server.requests).hasValue(2);
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnection() {
        RawServer server = new RawServer(vertx, (socket, piece) -> say(socket, "HTTP/1.0 200 OK\r\n\r\nwhole"));
        assertThat(sender(server).send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().body()).isEqualTo("whole"));
    }

    @Test
    void anAnswerThatDoesNotComeIsTooLateInTime() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {
            if (piece == 1) {
                socket.write(DONE);
            }
        });
        SendingContext sender = connected(server);
        long start = System.nanoTime();
        Attempt attempt = sender.send(SendingContext.job(), SHORT);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(attempt).isEqualTo(new TimedOut("no answer from 127.0.0.1:" + server.port() + " within 300 ms"));
        assertThat(took).isBetween(SHORT, Duration.ofSeconds(5));
    }

    @Test
    void anAnswerThatNeverEndsIsTooLate() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {
            if (piece == 1) {
                socket.write(DONE);
                return;
            }
            socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            vertx.setPeriodic(10, tick -> socket.write("1\r\nx\r\n"));
        });
        assertThat(connected(server).send(SendingContext.job(), SHORT))
                .isEqualTo(
                        new TimedOut("answer of 127.0.0.1:" + server.port() + " (HTTP 200) incomplete after 300 ms"));
    }

    @Test
    void aSlowAnswerInTimeIsAnAnswer() {
        TestRunner runner = new TestRunner(vertx, request -> {
            request.response().setChunked(true).write("a");
            vertx.setTimer(200, later -> request.response().write("b"));
            vertx.setTimer(400, later -> request.response().end("c"));
        });
        assertThat(new SendingContext(vertx, runner.settings()).send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().body()).isEqualTo("abc"));
    }

    @Test
    void aConnectionThatOwesAnAnswerIsClosedNotReused() {
        TestRunner runner = new TestRunner(vertx, request -> {
            if (request.getHeader("content-length").equals("4")) {
                request.response().end("fast");
            }
        });
        SendingContext sender = new SendingContext(vertx, runner.settings());
        assertThat(sender.send(SendingContext.job("true"))).isInstanceOf(Answered.class);
        assertThat(sender.send(SendingContext.job("{}"), SHORT)).isInstanceOf(TimedOut.class);
        assertThat(sender.send(SendingContext.job("true"))).isInstanceOf(Answered.class);
        assertThat(runner.connections).hasValue(2);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(runner.openConnections).hasValue(1));
    }

    @Test
    void aJobThatIsTooLargeForTheRunnerStillGetsItsAnswer() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {
            if (piece == 1) {
                socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        Attempt attempt =
                sender(server).send(SendingContext.job("x.example", Buffer.buffer(new byte[4 * 1024 * 1024])));
        assertThat(attempt)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().status()).isEqualTo(413));
    }

    @Test
    void aRunnerThatIsBackIsReachedAtOnce() throws IOException {
        int port = unusedPort();
        SendingContext sender = sender(URI.create("http://127.0.0.1:" + port + "/"));
        assertThat(sender.send(SendingContext.job())).isInstanceOf(NotSent.class);
        SendingContext.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
        assertThat(sender.send(SendingContext.job())).isInstanceOf(Answered.class);
    }

    private static void say(NetSocket socket, String answer) {
        socket.end(Buffer.buffer(answer));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whoever has sent its first: to connect may take longer on a busy machine than an attempt has that is to be too late. */
    private SendingContext connected(RawServer server) {
        SendingContext sender = sender(server);
        assertThat(sender.send(SendingContext.job())).isInstanceOf(Answered.class);
        return sender;
    }

    private SendingContext sender(RawServer server) {
        return new SendingContext(vertx, server.settings());
    }

    private SendingContext sender(URI uri) {
        return new SendingContext(vertx, TargetSettings.of("test", uri, 10));
    }
}
