package org.mediawiki.jobqueue.runner.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Http2;

/** What the age of connections does to requests that are under way: nothing. */
class HttpTargetTurnoverIT {

    private static final Duration AGE = Duration.ofMillis(200);

    private final List<HttpServerRequest> transcodes = new CopyOnWriteArrayList<>();

    private Vertx vertx;
    private TlsRunner runner;

    /** A runner that answers jobs of four bytes after a moment, others when the test says so. */
    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        runner = new TlsRunner(vertx, request -> {
            if (request.getHeader("content-length").equals("4")) {
                vertx.setTimer(5, later -> request.response().end());
            } else {
                transcodes.add(request);
            }
        });
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
        runner.deleteFiles();
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void noRequestIsCutThoughItRunsTenTimesAsLongAndOthersComeAndGo(Http2 http2) {
        Connections connections = Connections.atMost(10)
                .withMaxAge(AGE)
                .withConnectTimeout(SendingContext.TIMEOUT)
                .with(http2);
        SendingContext sender = new SendingContext(vertx, runner.settings().with(connections));
        List<CompletableFuture<Attempt>> long10 = IntStream.range(0, 3)
                .mapToObj(i -> sender.start(SendingContext.job("transcode"), SendingContext.TIMEOUT))
                .toList();
        await().atMost(20, SECONDS).until(() -> transcodes.size() == 3);
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        List<CompletableFuture<Void>> others = IntStream.range(0, 5)
                .mapToObj(i -> sender.sendOneAfterTheOther(SendingContext.job("fast"), left))
                .toList();
        vertx.setTimer(10 * AGE.toMillis(), end -> {
            transcodes.forEach(request -> request.response().end());
            left.set(0);
        });
        long10.forEach(attempt -> assertThat(SendingContext.await(attempt)).isInstanceOf(Answered.class));
        others.forEach(SendingContext::await);
        assertThat(runner.connections()).as("connections in ten ages").isGreaterThan(8);
    }

    @Test
    void oldConnectionsAreClosedWhenTheirOwnRequestsEndWhileOthersRunForHours() {
        SteppedTime time = new SteppedTime();
        Connections connections = Connections.atMost(10).withMaxAge(AGE).with(Http2.OFF);
        SendingContext sender = new SendingContext(vertx, runner.settings().with(connections), time);
        List<CompletableFuture<Attempt>> hours = new ArrayList<>();
        for (int age = 0; age < 30; age++) {
            if (age % 10 == 0) {
                hours.add(sender.start(SendingContext.job("transcode"), SendingContext.TIMEOUT));
            }
            assertThat(sender.send(SendingContext.job("fast"))).isInstanceOf(Answered.class);
            time.advance(AGE);
        }
        await().until(() -> transcodes.size() == 3);
        // The last client is not yet replaced; its connection closes for being unused.
        await().atMost(10, SECONDS).until(() -> runner.openConnections() == 3);
        transcodes.forEach(request -> request.response().end());
        hours.forEach(attempt -> assertThat(SendingContext.await(attempt)).isInstanceOf(Answered.class));
        await().atMost(10, SECONDS).until(() -> runner.openConnections() == 0);
    }
}
