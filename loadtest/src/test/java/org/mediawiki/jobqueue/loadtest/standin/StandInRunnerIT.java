package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.disconnect;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatal;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatalPage;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.readOnly;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.reset;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;
import static org.mediawiki.jobqueue.loadtest.standin.StandInRunner.done;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mediawiki.jobqueue.loadtest.standin.JobClient.Reply;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

/** Every behaviour, as a client sees it, over both versions of HTTP. */
@ParameterizedClass
@EnumSource(
        value = HttpVersion.class,
        names = {"HTTP_1_1", "HTTP_2"})
final class StandInRunnerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StandInRunner runner = StandInRunner.start(StandInOptions.defaults());
    private final HttpVersion version;
    private final JobClient client;

    StandInRunnerIT(HttpVersion version) {
        this.version = version;
        this.client = new JobClient(runner, version);
    }

    @AfterEach
    void close() {
        client.close();
        runner.close();
    }

    @Test
    void answersBothEndpointsAndRemembersWhatItSaw() {
        done(client.post(runner.rpcUri(), job("cdnPurge", "a")));
        done(client.post(runner.restUri(), job("refreshLinks", "b")));

        assertThat(runner.ledger().lost(Set.of("a", "b"))).isEmpty();
        RecordedRequest first = runner.ledger().requests().get(0);
        assertThat(first.job().event()).isEqualTo(new EventFields("cdnPurge", "enwiki", "a", "mediawiki.job.cdnPurge"));
        assertThat(first.wire().path()).isEqualTo("/rpc/RunSingleJob.php");
        assertThat(first.wire().host()).isEqualTo("en.wiki.test");
        assertThat(first.wire().headers()).containsEntry("x-request-id", "r1");
        assertThat(first.wire().body().toString()).isEqualTo(job("cdnPurge", "a"));
        assertThat(first.wire().http()).isEqualTo(version == HttpVersion.HTTP_2 ? "HTTP/2" : "HTTP/1.1");
        assertThat(first.wire().tls()).startsWith("TLSv1.");
        assertThat(first.ending()).isEqualTo(new Ending(Outcome.ANSWERED, 200));
        assertThat(first.span().endNanos().orElseThrow())
                .isGreaterThan(first.span().startNanos());
    }

    @Test
    void knowsNoOtherPathAndNoOtherMethod() {
        HttpClientRequest elsewhere =
                done(client.request(HttpMethod.POST, runner.rpcUri().resolve("/elsewhere")));
        HttpClientRequest get = done(client.request(HttpMethod.GET, runner.rpcUri()));

        assertThat(done(elsewhere.send()).statusCode()).isEqualTo(404);
        assertThat(done(get.send()).statusCode()).isEqualTo(405);
        assertThat(runner.ledger().count()).isZero();
    }

    @Test
    void answersWithTheStatusHeadersAndBodyItIsTold() {
        runner.on(any()).answer(status(429).header("retry-after", "7").body("later"));

        Reply reply = post("t", "a");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers()).containsEntry("retry-after", "7");
        assertThat(reply.body()).isEqualTo("later");
    }

    @Test
    void failsTheFirstAttemptsOfEveryJob() {
        runner.on(firstAttempts(1)).answer(status(500));

        assertThat(post("t", "a").status()).isEqualTo(500);
        assertThat(post("t", "b").status()).isEqualTo(500);
        assertThat(post("t", "a").status()).isEqualTo(200);
        assertThat(runner.ledger().ranMoreThanOnce()).containsExactly("a");
        assertThat(runner.ledger().intervalsOf("a")).hasSize(1);
    }

    @Test
    void saysThatAWikiIsReadOnly() {
        runner.on(any()).answer(readOnly());

        assertThat(post("t", "a").headers()).containsEntry("x-readonly", "true");
    }

    @Test
    void liesAboutFatalsAsTextAndAsAPage() {
        runner.on(type("text")).answer(phpFatal());
        runner.on(type("page")).answer(phpFatalPage());

        assertThat(post("text", "a").body()).contains("Fatal error:");
        assertThat(post("page", "b").body()).contains("<b>Fatal error</b>");
        assertThat(post("page", "c").status()).isEqualTo(200);
        assertThat(endingOf("a").outcome()).isEqualTo(Outcome.LIED);
        assertThat(endingOf("b").outcome()).isEqualTo(Outcome.LIED);
    }

    @Test
    void takesItsTime() {
        Duration time = Duration.ofSeconds(1);
        runner.on(any()).answer(ok().after(time));

        done(Future.all(IntStream.range(0, 4)
                .mapToObj(i -> client.post(runner.rpcUri(), job("t", "job" + i)))
                .toList()));

        assertThat(runner.ledger().maxSimultaneous("t")).isEqualTo(4);
        assertThat(runner.ledger().requests()).allSatisfy(request -> {
            long took = request.span().endNanos().orElseThrow() - request.span().startNanos();
            assertThat(Duration.ofNanos(took)).isGreaterThanOrEqualTo(time);
        });
    }

    @Test
    void resetsBeforeItAnswers() {
        runner.on(any()).answer(reset());

        assertThat(failureOfPost("a")).containsIgnoringCase(version == HttpVersion.HTTP_2 ? "reset" : "closed");
        assertThat(endingOf("a").outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void closesTheConnectionBeforeItAnswers() {
        runner.on(any()).answer(disconnect());

        assertThat(failureOfPost("a")).containsIgnoringCase("closed");
        assertThat(endingOf("a").outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void cutsTheConnectionInTheMiddleOfTheBody() {
        runner.on(any()).answer(ok().body("x".repeat(1000)).cutShort());

        assertThat(failureOfPost("a")).containsIgnoringCase("closed");
        assertThat(endingOf("a").outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void hangsUntilTheClientGivesUp() {
        runner.on(any()).answer(hang());
        HttpClientRequest request = done(client.request(HttpMethod.POST, runner.rpcUri()));
        Future<HttpClientResponse> response = request.send(job("t", "a"));
        runner.ledger().awaitRequests(1, PATIENCE);
        assertThat(runner.ledger().inFlight()).isEqualTo(1);

        done(request.reset());

        runner.ledger().awaitEnded(1, PATIENCE);
        assertThat(endingOf("a")).isEqualTo(new Ending(Outcome.GONE, 0));
        assertThat(JobClient.failureOf(response)).isNotEmpty();
    }

    @Test
    void dripsItsAnswer() {
        runner.on(any()).answer(ok().body("slowly").dripping(Duration.ofMillis(20)));

        Reply reply = post("t", "a");

        RecordedRequest.Span span = runner.ledger().requests("a").get(0).span();
        assertThat(reply.body()).isEqualTo("slowly");
        assertThat(span.endNanos().orElseThrow() - span.startNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void closesTheConnectionAfterAnAnswerAndServesTheNextOne() {
        runner.on(any()).answer(ok().thenClose());

        assertThat(post("t", "a").status()).isEqualTo(200);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(post("t", "b").status()).isEqualTo(200));
    }

    @Test
    void refusesConnectionsAndListensAgainOnTheSamePort() {
        runner.on(any()).answerTimes(1, hang());
        Future<Reply> underWay = client.post(runner.rpcUri(), job("t", "cut"));
        runner.ledger().awaitRequests(1, PATIENCE);

        runner.refuseConnections();
        assertThat(JobClient.failureOf(underWay)).containsIgnoringCase("closed");
        assertThat(failureOfPost("refused")).containsIgnoringCase("refused");
        runner.acceptConnections();

        assertThat(post("t", "accepted").status()).isEqualTo(200);
        assertThat(runner.ledger().lost(Set.of("cut", "refused", "accepted"))).containsExactly("refused");
        assertThat(endingOf("cut").outcome()).isEqualTo(Outcome.GONE);
    }

    @Test
    void acceptsABodyThatIsNoJob() {
        assertThat(done(client.post(runner.rpcUri(), "no job")).status()).isEqualTo(200);
        assertThat(runner.ledger().count("")).isEqualTo(1);
    }

    private Reply post(String type, String id) {
        return done(client.post(runner.rpcUri(), job(type, id)));
    }

    private String failureOfPost(String id) {
        return JobClient.failureOf(client.post(runner.rpcUri(), job("t", id)));
    }

    private Ending endingOf(String id) {
        return runner.ledger().requests(id).get(0).ending();
    }

    private static String job(String type, String id) {
        return "{\"meta\":{\"id\":\"" + id + "\",\"stream\":\"mediawiki.job." + type
                + "\"},\"database\":\"enwiki\",\"type\":\"" + type + "\",\"params\":{}}";
    }
}
