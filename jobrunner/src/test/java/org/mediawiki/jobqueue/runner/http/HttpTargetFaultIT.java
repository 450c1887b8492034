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

    private Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() {
        Lane.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void aRefusedConnectionIsNotSent() throws IOException {
        int port = unusedPort();
        assertThat(lane(URI.create("http://127.0.0.1:" + port + "/")).send(Lane.job()))
                .isEqualTo(new NotSent("connection refused by 127.0.0.1:" + port));
    }

    @Test
    void aConnectionThatDoesNotOpenInTimeIsNotSent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Accepts by its backlog and never says a word of TLS.
            URI uri = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            Lane lane = new Lane(
                    vertx,
                    TargetSettings.of("test", uri, 2).with(Connections.atMost(2).withConnectTimeout(SHORT)));
            assertThat(lane.send(Lane.job()))
                    .isEqualTo(new NotSent("no connection to 127.0.0.1:" + silent.getLocalPort() + " within 300 ms"));
        }
    }

    @Test
    void aTimeoutBeforeTheConnectionIsOpenIsNotSent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(lane(uri).send(Lane.job(), SHORT))
                    .isEqualTo(new NotSent("no connection to 127.0.0.1:" + silent.getLocalPort() + " within 300 ms"));
        }
    }

    @Test
    void aConnectionThatIsClosedInsteadOfAnAnswerIsLost() {
        RawServer server = new RawServer(vertx, (socket, piece) -> socket.close());
        assertThat(lane(server).send(Lane.job()))
                .isEqualTo(new Lost(
                        "connection to 127.0.0.1:" + server.port() + " lost before the answer: Connection was closed"));
        assertThat(server.requests).as("requests, without a hidden retry").hasValue(1);
    }

    @Test
    void aConnectionThatIsResetIsLost() throws Exception {
        try (ServerSocket resetting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + resetting.getLocalPort() + "/");
            var attempt = lane(uri).start(Lane.job(), Lane.TIMEOUT);
            try (java.net.Socket socket = resetting.accept()) {
                assertThat(socket.getInputStream().read()).isEqualTo('P');
                socket.setSoLinger(true, 0);
            }
            assertThat(Lane.await(attempt)).isInstanceOf(Lost.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    void anAnswerCutInItsHeadIsLost(String start) {
        RawServer server = new RawServer(vertx, (socket, piece) -> say(socket, start));
        assertThat(lane(server).send(Lane.job()))
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
        assertThat(lane(server).send(Lane.job()))
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
        assertThat(lane(server).send(Lane.job(), Duration.ofSeconds(5))).isInstanceOf(Lost.class);
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnection() {
        RawServer server = new RawServer(vertx, (socket, piece) -> say(socket, "HTTP/1.0 200 OK\r\n\r\nwhole"));
        assertThat(lane(server).send(Lane.job()))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().body()).isEqualTo("whole"));
    }

    @Test
    void anAnswerThatDoesNotComeIsTooLateInTime() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {});
        long start = System.nanoTime();
        Attempt attempt = lane(server).send(Lane.job(), SHORT);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(attempt).isEqualTo(new TimedOut("no answer from 127.0.0.1:" + server.port() + " within 300 ms"));
        assertThat(took).isBetween(SHORT, Duration.ofSeconds(5));
    }

    @Test
    void anAnswerThatNeverEndsIsTooLate() {
        RawServer server = new RawServer(vertx, (socket, piece) -> {
            socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            vertx.setPeriodic(10, tick -> socket.write("1\r\nx\r\n"));
        });
        assertThat(lane(server).send(Lane.job(), SHORT))
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
        assertThat(new Lane(vertx, runner.settings()).send(Lane.job()))
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
        Lane lane = new Lane(vertx, runner.settings());
        assertThat(lane.send(Lane.job("{}"), SHORT)).isInstanceOf(TimedOut.class);
        assertThat(lane.send(Lane.job("true"))).isInstanceOf(Answered.class);
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
        Attempt attempt = lane(server).send(Lane.job("x.example", Buffer.buffer(new byte[4 * 1024 * 1024])));
        assertThat(attempt)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.answer().status()).isEqualTo(413));
    }

    @Test
    void aRunnerThatIsBackIsReachedAtOnce() throws IOException {
        int port = unusedPort();
        Lane lane = lane(URI.create("http://127.0.0.1:" + port + "/"));
        assertThat(lane.send(Lane.job())).isInstanceOf(NotSent.class);
        Lane.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
        assertThat(lane.send(Lane.job())).isInstanceOf(Answered.class);
    }

    private static void say(NetSocket socket, String answer) {
        socket.end(Buffer.buffer(answer));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Lane lane(RawServer server) {
        return new Lane(vertx, server.settings());
    }

    private Lane lane(URI uri) {
        return new Lane(vertx, TargetSettings.of("test", uri, 10));
    }
}
