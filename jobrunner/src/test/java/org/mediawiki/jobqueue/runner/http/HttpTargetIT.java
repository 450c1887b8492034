package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.http.TargetSettings.HostHeader;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Requests;
import org.mediawiki.jobqueue.runner.http.TestRunner.Received;

/** What goes over the wire, and what comes back, when all is well. */
class HttpTargetIT {

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
    void sendsTheHeadersOfTheSpecificationAndNoOthers() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        new SendingContext(vertx, runner.settings()).send(SendingContext.job("{\"a\":1}"));
        Received request = runner.received.get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/rpc/RunSingleJob.php?a=b%20c");
        assertThat(mapOf(request.headers()))
                .isEqualTo(Map.of(
                        "host", "en.wiki.example",
                        "content-type", "application/json",
                        "content-length", "7",
                        "user-agent", "ChangePropagation-JobQueue/WMF",
                        "x-request-id", "req-1",
                        "x-triggered-by", "req:req-1,mediawiki.job.x:https://u"));
    }

    @Test
    void leavesOutWhatTheEventDoesNotHave() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        new SendingContext(vertx, runner.settings()).send(new Job("t", "w", "s1", "", "", "", Buffer.buffer("{}")));
        MultiMap headers = runner.received.get(0).headers();
        assertThat(headers.contains("x-request-id")).isFalse();
        assertThat(headers.contains("x-triggered-by")).isFalse();
        assertThat(headers.get("host")).isEqualTo("localhost:" + runner.port());
    }

    @Test
    void bearsTheHostOfTheUriWhereConfigured() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        TargetSettings settings = runner.settings().with(Requests.DEFAULT.with(HostHeader.URI));
        new SendingContext(vertx, settings).send(SendingContext.job());
        assertThat(runner.received.get(0).headers().get("host")).isEqualTo("localhost:" + runner.port());
    }

    /** A process that stands still while it connects may wake up when its job is somebody else's. */
    @Test
    void sendsNothingOnAConnectionThatComesTooLate() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        AtomicBoolean maySend = new AtomicBoolean();
        SendingContext sender = new SendingContext(vertx, runner.settings(), Time.of(vertx), maySend::get);
        assertThat(sender.send(SendingContext.job()))
                .isInstanceOfSatisfying(
                        NotSent.class, attempt -> assertThat(attempt.reason()).contains("stood still"));
        assertThat(runner.received).isEmpty();
        maySend.set(true);
        assertThat(sender.send(SendingContext.job())).isInstanceOf(Answered.class);
        assertThat(runner.received).hasSize(1);
    }

    @Test
    void sendsTheVeryBytesAgainAndAgain() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        byte[] bytes = new byte[4 * 1024 * 1024];
        new Random(42).nextBytes(bytes);
        SendingContext sender = new SendingContext(vertx, runner.settings());
        Job job = SendingContext.job("en.wiki.example", Buffer.buffer(bytes));
        sender.send(job);
        sender.send(job);
        assertThat(runner.received)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.body().getBytes()).isEqualTo(bytes));
        assertThat(job.body().getBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx-evil: 1", "a\nb", "tab\there", "żółć", "nul\0"})
    void replacesWhatAHeaderCannotHold(String evil) {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        Attempt attempt = new SendingContext(vertx, runner.settings())
                .send(new Job("t", "w", "s1", "x.example", evil, evil, Buffer.buffer("{}")));
        assertThat(attempt).isInstanceOf(Answered.class);
        MultiMap headers = runner.received.get(0).headers();
        assertThat(headers.get("x-request-id")).contains("?").hasSameSizeAs(evil);
        assertThat(headers.get("x-triggered-by")).contains("?").hasSameSizeAs(evil);
        assertThat(headers.contains("x-evil")).isFalse();
    }

    @Test
    void neverWritesALineBreakOfTheDomain() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        new SendingContext(vertx, runner.settings())
                .send(SendingContext.job("x.example\r\nx-evil: 1", Buffer.buffer("{}")));
        assertThat(runner.received)
                .noneSatisfy(r -> assertThat(r.headers().contains("x-evil")).isTrue());
    }

    @Test
    void returnsTheWholeAnswerOfAFailure() {
        TestRunner runner = new TestRunner(vertx, request -> {
            request.response().setStatusCode(503).putHeader("Retry-After", "7");
            request.response().headers().add("X-Many", "first").add("X-Many", "second");
            request.response().end("zażółć");
        });
        Answer answer = answerOf(new SendingContext(vertx, runner.settings()).send(SendingContext.job()));
        assertThat(answer)
                .isEqualTo(new Answer(
                        503, Map.of("retry-after", "7", "x-many", "first", "content-length", "10"), "zażółć"));
    }

    @Test
    void returnsOfASuccessOnlyTheHeaderThatSomebodyReads() {
        TestRunner runner = new TestRunner(
                vertx,
                request -> request.response()
                        .putHeader("content-type", "application/json")
                        .putHeader("x-noise", "1")
                        .end("{}"));
        Answer answer = answerOf(new SendingContext(vertx, runner.settings()).send(SendingContext.job()));
        assertThat(answer).isEqualTo(new Answer(200, Map.of("content-type", "application/json"), "{}"));
    }

    @Test
    void returnsAllHeadersOfASuccessThatSaysReadOnly() {
        TestRunner runner = new TestRunner(
                vertx,
                request -> request.response().putHeader("X-Readonly", "true").end());
        Answer answer = answerOf(new SendingContext(vertx, runner.settings()).send(SendingContext.job()));
        assertThat(answer.headers()).containsEntry("x-readonly", "true");
    }

    @Test
    void followsNoRedirect() {
        TestRunner runner = new TestRunner(
                vertx,
                request -> request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/elsewhere")
                        .end());
        Answer answer = answerOf(new SendingContext(vertx, runner.settings()).send(SendingContext.job()));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers()).containsEntry("location", "/elsewhere");
        assertThat(runner.received).hasSize(1);
    }

    @Test
    void keepsTheStartAndTheEndOfAHugeAnswerAndReusesItsConnection() {
        TestRunner runner = new TestRunner(vertx, request -> {
            request.response().setChunked(true);
            IntStream.range(0, 1000).forEach(i -> request.response().write("0123456789".repeat(100)));
            request.response().end("\nPHP Fatal error:  at last");
        });
        SendingContext sender = new SendingContext(vertx, runner.settings());
        Answer answer = answerOf(sender.send(SendingContext.job()));
        sender.send(SendingContext.job());
        assertThat(answer.body())
                .hasSize(64 * 1024 + Answer.CUT.length())
                .startsWith("0123456789")
                .containsOnlyOnce(Answer.CUT)
                .endsWith("789\nPHP Fatal error:  at last");
        assertThat(runner.connections).hasValue(1);
    }

    @Test
    void joinsAnAnswerThatComesInPieces() {
        TestRunner runner = new TestRunner(vertx, request -> {
            request.response().setChunked(true);
            IntStream.range(0, 200).forEach(i -> request.response().write("piece " + i + ";"));
            request.response().end();
        });
        Answer answer = answerOf(new SendingContext(vertx, runner.settings()).send(SendingContext.job()));
        assertThat(answer.body()).contains("piece 0;piece 1;").endsWith("piece 199;");
    }

    @Test
    void answersEachOfManyAtOnceWithItsOwn() {
        TestRunner runner = new TestRunner(vertx, request -> {
            String id = request.getHeader("x-request-id");
            vertx.setTimer(1 + id.hashCode() % 7, later -> request.response().end(id));
        });
        SendingContext sender = new SendingContext(vertx, runner.settings());
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 10)
                .mapToObj(i -> sender.start(
                        new Job("t", "w", "s1", "x.example", "req-" + i, "", Buffer.buffer("{}")),
                        SendingContext.TIMEOUT))
                .toList();
        for (int i = 0; i < 10; i++) {
            assertThat(answerOf(SendingContext.await(attempts.get(i))).body()).isEqualTo("req-" + i);
        }
    }

    @Test
    void sendsNothingOnceClosed() {
        TestRunner runner = TestRunner.thatAnswers(vertx, 200, "");
        SendingContext sender = new SendingContext(vertx, runner.settings());
        sender.close();
        assertThat(sender.send(SendingContext.job())).isInstanceOf(NotSent.class);
        assertThat(runner.received).isEmpty();
    }

    private static Answer answerOf(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Answered.class);
        return ((Answered) attempt).answer();
    }

    private static Map<String, String> mapOf(MultiMap headers) {
        Map<String, String> map = new HashMap<>();
        headers.forEach((name, value) -> map.put(name.toLowerCase(Locale.ROOT), value));
        return map;
    }
}
