package org.mediawiki.jobqueue.runner.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;

/** HTTP/2 with servers that have limits of their own, and that go away. */
class HttpTargetHttp2IT {

    private static final int STREAMS = 3;

    private final List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
    private final Map<HttpConnection, AtomicInteger> streams = new ConcurrentHashMap<>();
    private final AtomicInteger mostStreams = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private volatile Handler<HttpServerRequest> answer = waiting::add;
    private Vertx vertx;
    private TlsRunner runner;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        runner = new TlsRunner(vertx, new Http2Settings().setMaxConcurrentStreams(STREAMS), request -> {
            AtomicInteger onConnection = streams.computeIfAbsent(request.connection(), none -> new AtomicInteger());
            mostStreams.accumulateAndGet(onConnection.incrementAndGet(), Math::max);
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            answer.handle(request);
        });
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
        runner.deleteFiles();
    }

    @Test
    void aServerThatTakesFewerStreamsThanWeMayRunGetsMoreConnections() {
        SendingContext sender = sender(waiting::add);
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 10)
                .mapToObj(i -> sender.start(SendingContext.job(), SendingContext.TIMEOUT))
                .toList();
        await().atMost(10, SECONDS).until(() -> waiting.size() == 10);
        assertThat(waiting).allSatisfy(request -> assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2));
        waiting.forEach(this::end);
        attempts.forEach(attempt -> assertThat(SendingContext.await(attempt)).isInstanceOf(Answered.class));
        assertThat(mostStreams.get()).as("streams of one connection").isLessThanOrEqualTo(STREAMS);
    }

    /** As a lane of ten does it: neither streams nor connections multiply what runs at once. */
    @Test
    void aLaneAtItsLimitNeverRunsMoreNorLosesAJobOverFewStreams() {
        SendingContext sender = sender(request -> vertx.setTimer(2, later -> end(request)));
        AtomicInteger left = new AtomicInteger(1_000);
        List<CompletableFuture<Void>> lane = IntStream.range(0, 10)
                .mapToObj(i -> sender.sendOneAfterTheOther(SendingContext.job(), left))
                .toList();
        lane.forEach(SendingContext::await);
        assertThat(runner.requests()).isEqualTo(1_000);
        assertThat(mostAtOnce).hasValueLessThanOrEqualTo(10);
        assertThat(mostStreams).hasValueLessThanOrEqualTo(STREAMS);
        assertThat(runner.connections()).isLessThanOrEqualTo(11);
    }

    /** As envoy and Apache do it when they reload: what runs may end, what comes goes elsewhere. */
    @Test
    void aServerThatGoesAwayInGoodOrderLosesNoJob() {
        AtomicInteger count = new AtomicInteger();
        SendingContext sender = sender(request -> {
            if (count.incrementAndGet() % 20 == 0) {
                request.connection().shutdown(10, SECONDS);
            }
            vertx.setTimer(2, later -> end(request));
        });
        List<Attempt> attempts = sendInTurns(sender, 600);
        assertThat(attempts).filteredOn(Answered.class::isInstance).hasSizeGreaterThan(550);
        assertThat(attempts)
                .as("those that met it were not seen by the server, which is there, and may be sent again")
                .allMatch(attempt -> attempt instanceof Answered || (attempt instanceof NotSent it && it.connected()));
        assertThat(runner.requests())
                .isEqualTo(attempts.stream().filter(Answered.class::isInstance).count());
        assertThat(runner.connections()).isGreaterThan(20);
    }

    @Test
    @SuppressWarnings("deprecation") // There is no other way to name the last stream.
    void aStreamThatTheServerNeverSawWhenItWentAwayIsNotSent() {
        SendingContext sender = sender(request -> {
            if (waiting.isEmpty()) {
                waiting.add(request);
            } else {
                // Says that the first stream was the last that it looked at.
                request.connection().goAway(0, 1);
            }
        });
        CompletableFuture<Attempt> seen = sender.start(SendingContext.job(), SendingContext.TIMEOUT);
        await().until(() -> waiting.size() == 1);
        assertThat(sender.send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.connected()).isTrue());
        waiting.forEach(this::end);
        assertThat(SendingContext.await(seen)).isInstanceOf(Answered.class);
    }

    @Test
    void aConnectionThatIsClosedUnderARequestLosesIt() {
        SendingContext sender = sender(request -> request.connection().close());
        assertThat(sender.send(SendingContext.job())).isInstanceOf(Lost.class);
    }

    private List<Attempt> sendInTurns(SendingContext sender, int jobs) {
        List<Attempt> attempts = new CopyOnWriteArrayList<>();
        for (int sent = 0; sent < jobs; sent += 10) {
            List<CompletableFuture<Attempt>> turn = IntStream.range(0, 10)
                    .mapToObj(i -> sender.start(SendingContext.job(), SendingContext.TIMEOUT))
                    .toList();
            turn.forEach(attempt -> attempts.add(SendingContext.await(attempt)));
        }
        return attempts;
    }

    private SendingContext sender(Handler<HttpServerRequest> runnersAnswer) {
        answer = runnersAnswer;
        return new SendingContext(vertx, runner.settings());
    }

    private void end(HttpServerRequest request) {
        atOnce.decrementAndGet();
        streams.computeIfPresent(request.connection(), (connection, count) -> {
            count.decrementAndGet();
            return count;
        });
        request.response().end();
    }
}
