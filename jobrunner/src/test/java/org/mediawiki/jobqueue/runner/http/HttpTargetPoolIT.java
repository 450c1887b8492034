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
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Standstills;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;

/** How connections are reused, bounded and replaced. */
class HttpTargetPoolIT {

    /** Shorter than what makes a client idle. */
    private static final Duration MAX_AGE = Duration.ofSeconds(30);

    private final SteppedTime time = new SteppedTime();
    private final List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();

    private Vertx vertx;
    private TestRunner runner;
    private SendingContext sender;

    /** A runner that answers jobs of four bytes at once, others when the test says so. */
    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        runner = new TestRunner(vertx, request -> {
            if (request.getHeader("content-length").equals("4")) {
                request.response().end();
            } else {
                waiting.add(request);
            }
        });
        sender = new SendingContext(
                vertx, runner.settings().with(Connections.atMost(10).withMaxAge(MAX_AGE)), time);
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void oneConnectionServesOneJobAfterTheOther() {
        IntStream.range(0, 20).forEach(i -> assertAnswered(sender.send(SendingContext.job("fast"))));
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void asManyRunAtOnceAsThereAreConnections() {
        List<CompletableFuture<Attempt>> slow = startSlow(10);
        awaitWaiting(10);
        answerAll();
        slow.forEach(attempt -> assertAnswered(SendingContext.await(attempt)));
        assertThat(runner.connections).hasValue(10);
    }

    @Test
    void moreThanThereAreConnectionsWaitForOne() {
        List<CompletableFuture<Attempt>> slow = startSlow(11);
        awaitWaiting(11);
        CompletableFuture<Attempt> another = sender.start(SendingContext.job("fast"), SendingContext.TIMEOUT);
        waiting.remove(0).response().end();
        assertAnswered(SendingContext.await(another));
        answerAll();
        slow.forEach(attempt -> assertAnswered(SendingContext.await(attempt)));
        assertThat(runner.connections)
                .as("one for each request at once, and a spare")
                .hasValue(11);
    }

    @Test
    void aLaneAtItsLimitIsServedByItsConnections() {
        AtomicInteger left = new AtomicInteger(2_000);
        List<CompletableFuture<Void>> loops = IntStream.range(0, 10)
                .mapToObj(i -> sender.sendOneAfterTheOther(SendingContext.job("fast"), left))
                .toList();
        loops.forEach(SendingContext::await);
        assertThat(runner.received).hasSize(2_000);
        assertThat(runner.connections).hasValueLessThanOrEqualTo(11);
    }

    @Test
    void anOldConnectionIsReplacedAndClosed() {
        sender.send(SendingContext.job("fast"));
        time.advance(MAX_AGE);
        sender.send(SendingContext.job("fast"));
        assertThat(runner.connections).hasValue(2);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(runner.openConnections).hasValue(1));
    }

    @Test
    void aConnectionThatIsNotYetOldIsKept() {
        sender.send(SendingContext.job("fast"));
        time.advance(MAX_AGE.minusNanos(1));
        sender.send(SendingContext.job("fast"));
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void anOldConnectionIsReplacedEvenIfItIsNeverIdleAndItsRequestIsNotCut() {
        List<CompletableFuture<Attempt>> hours = startSlow(1);
        awaitWaiting(1);
        for (int generation = 2; generation <= 4; generation++) {
            time.advance(MAX_AGE);
            assertAnswered(sender.send(SendingContext.job("fast")));
            assertThat(runner.connections).hasValue(generation);
        }
        assertThat(hours.get(0)).isNotDone();
        answerAll();
        assertAnswered(SendingContext.await(hours.get(0)));
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(runner.openConnections).hasValue(1));
    }

    @Test
    void aRequestLongerThanTheKeepAliveIsNotCut() {
        List<CompletableFuture<Attempt>> slow = startSlow(1);
        awaitWaiting(1);
        vertx.setTimer(5_000, later -> answerAll());
        assertAnswered(SendingContext.await(slow.get(0)));
    }

    @Test
    void anUnusedConnectionIsClosedBeforeTheServerLosesPatience() {
        Standstills machine = Standstills.ofThisMachine();
        sender.send(SendingContext.job("fast"));
        long answered = System.nanoTime();
        assertThat(runner.openConnections).hasValue(1);
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(runner.openConnections).hasValue(0));
        assertThat(machine.ranSince(answered)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void closingCutsWhatIsUnderWayInEveryGeneration() {
        List<CompletableFuture<Attempt>> slow = new ArrayList<>(startSlow(1));
        awaitWaiting(1);
        time.advance(MAX_AGE);
        slow.addAll(startSlow(1));
        awaitWaiting(2);
        sender.close();
        assertThat(slow)
                .allSatisfy(attempt -> assertThat(SendingContext.await(attempt)).isInstanceOf(Lost.class));
    }

    @Test
    void moreThanTheWaitQueueHoldsIsNotSent() {
        SendingContext narrow = new SendingContext(vertx, runner.settings().with(Connections.atMost(1)), time);
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 6)
                .mapToObj(i -> narrow.start(SendingContext.job("slow!"), SendingContext.TIMEOUT))
                .toList();
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(attempts)
                        .filteredOn(CompletableFuture::isDone)
                        .hasSizeGreaterThanOrEqualTo(3)
                        .allSatisfy(attempt -> assertThat(attempt.join()).isInstanceOf(NotSent.class)));
    }

    @Test
    void aRequestTooLateForItsConnectionIsNotSentAndLeavesTheConnectionUnharmed() {
        SendingContext narrow = new SendingContext(vertx, runner.settings().with(Connections.atMost(1)), time);
        CompletableFuture<Attempt> first = narrow.start(SendingContext.job("slow!"), SendingContext.TIMEOUT);
        awaitWaiting(1);
        CompletableFuture<Attempt> second = narrow.start(SendingContext.job("slow!"), SendingContext.TIMEOUT);
        awaitWaiting(2);
        assertThat(narrow.send(SendingContext.job("late"), Duration.ofMillis(200)))
                .isInstanceOf(NotSent.class);
        answerAll();
        assertAnswered(SendingContext.await(first));
        assertAnswered(SendingContext.await(second));
        assertAnswered(narrow.send(SendingContext.job("fast")));
        assertAnswered(narrow.send(SendingContext.job("fast")));
        assertThat(runner.received)
                .hasSize(4)
                .noneMatch(r -> r.body().toString().equals("late"));
        assertThat(runner.connections).hasValue(2);
    }

    private List<CompletableFuture<Attempt>> startSlow(int jobs) {
        return IntStream.range(0, jobs)
                .mapToObj(i -> sender.start(SendingContext.job("slow!"), SendingContext.TIMEOUT))
                .toList();
    }

    private void awaitWaiting(int requests) {
        await().atMost(10, SECONDS).untilAsserted(() -> assertThat(waiting).hasSize(requests));
    }

    private void answerAll() {
        waiting.forEach(request -> request.response().end());
        waiting.clear();
    }

    private static void assertAnswered(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Answered.class);
    }
}
