package org.mediawiki.jobqueue.runner.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;

/** How the target follows its name: a discovery name moves to the other datacenter. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 is not on loopback by itself")
class HttpTargetNamesIT {

    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private final SteppedTime time = new SteppedTime();

    @TempDir
    private Path files;

    private Path hosts;
    private Vertx vertx;

    /** Resolves by a file that is read anew each time, and asks no name server but one that is not there. */
    @BeforeEach
    void open() throws Exception {
        hosts = Files.writeString(files.resolve("hosts"), "127.0.0.1 discovery.test\n");
        vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(HttpTarget.nameResolution()
                        .setHostsPath(hosts.toString())
                        .setHostsRefreshPeriodUnit(TimeUnit.NANOSECONDS)
                        .setQueryTimeout(100)
                        .addServer("127.0.0.1:9")));
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void followsItsNameToAnotherAddressWithinTheMaxAgeThoughItIsNeverIdle() throws Exception {
        int port = listen("127.0.0.1", 0, "here");
        listen("127.0.0.2", port, "there");
        URI uri = URI.create("http://discovery.test:" + port + "/");
        SendingContext sender = new SendingContext(vertx, TargetSettings.of("test", uri, 10), time);
        assertThat(answeredBy(sender)).isEqualTo("here");
        Files.writeString(hosts, "127.0.0.2 discovery.test\n");
        time.advance(MAX_AGE);
        assertThat(answeredBy(sender)).isEqualTo("there");
    }

    /** A record's time to live must not add to the age. */
    @Test
    void aRecordThatMayBeBelievedForAnHourIsAskedForAnew() {
        Vertx dnsVertx = Vertx.vertx();
        LoopbackDns dns = new LoopbackDns(dnsVertx, "127.0.0.1");
        Vertx asking =
                Vertx.vertx(new VertxOptions().setAddressResolverOptions(dns.asked(HttpTarget.nameResolution())));
        int port = listen("127.0.0.1", 0, "here");
        listen("127.0.0.2", port, "there");
        SendingContext sender = new SendingContext(asking, settings("discovery.test", port), time);
        assertThat(answeredBy(sender)).isEqualTo("here");
        int queries = dns.queries.get();
        dns.moveTo("127.0.0.2");
        assertThat(answeredBy(sender)).isEqualTo("here");
        assertThat(dns.queries).as("queries, one generation").hasValue(queries);
        time.advance(MAX_AGE);
        assertThat(answeredBy(sender)).isEqualTo("there");
        SendingContext.await(asking.close().toCompletionStage().toCompletableFuture());
        SendingContext.await(dnsVertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void aNameThatMovesBecauseItsServerStoppedIsFollowedAtOnce() throws Exception {
        int port = listen("127.0.0.2", 0, "there");
        SendingContext sender = new SendingContext(vertx, settings("discovery.test", port), time);
        assertThat(sender.send(SendingContext.job())).isInstanceOf(NotSent.class);
        Files.writeString(hosts, "127.0.0.2 discovery.test\n");
        time.advance(Generations.LEAST_AGE);
        assertThat(sender.send(SendingContext.job()))
                .as("tells that it leads nowhere")
                .isInstanceOf(NotSent.class);
        assertThat(answeredBy(sender)).isEqualTo("there");
    }

    /** Issue 4, "shown by" 6, in small. */
    @Test
    void noneOfManyRequestsFailsWhileTheNameMoves() throws Exception {
        Duration age = Duration.ofMillis(1_500);
        AtomicInteger here = new AtomicInteger();
        AtomicInteger there = new AtomicInteger();
        int port = count("127.0.0.1", 0, here);
        count("127.0.0.2", port, there);
        TargetSettings settings =
                settings("discovery.test", port).with(Connections.atMost(10).withMaxAge(age));
        SendingContext sender = new SendingContext(vertx, settings);
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        List<CompletableFuture<Void>> lane = IntStream.range(0, 10)
                .mapToObj(i -> sender.sendOneAfterTheOther(SendingContext.job(), left))
                .toList();
        await().until(() -> here.get() > 100);
        Files.writeString(hosts, "127.0.0.2 discovery.test\n");
        long moved = System.nanoTime();
        await().atMost(10, SECONDS).until(() -> there.get() > 100);
        // The hosts file is read at most once a second.
        assertThat(Duration.ofNanos(System.nanoTime() - moved))
                .isLessThan(age.multipliedBy(2).plusSeconds(1));
        int last = here.get();
        int before = there.get();
        await().until(() -> there.get() > before + 1_000);
        assertThat(here).hasValue(last);
        left.set(0);
        lane.forEach(SendingContext::await);
    }

    @Test
    void aNameThatIsNotFoundIsNotSent() {
        URI uri = URI.create("http://missing.test:4448/");
        Attempt attempt = new SendingContext(vertx, TargetSettings.of("test", uri, 10)).send(SendingContext.job());
        assertThat(attempt)
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.reason()).startsWith("name not found: missing.test:4448 ("));
    }

    private String answeredBy(SendingContext sender) {
        Attempt attempt = sender.send(SendingContext.job());
        assertThat(attempt).isInstanceOf(Answered.class);
        Answer answer = ((Answered) attempt).answer();
        return answer.body();
    }

    private static TargetSettings settings(String host, int port) {
        return TargetSettings.of("test", URI.create("http://" + host + ":" + port + "/"), 10);
    }

    private int count(String address, int port, AtomicInteger requests) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            requests.incrementAndGet();
            vertx.setTimer(1, later -> request.response().end());
        });
        SendingContext.await(server.listen(port, address).toCompletionStage().toCompletableFuture());
        return server.actualPort();
    }

    private int listen(String address, int port, String name) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.response().end(name));
        SendingContext.await(server.listen(port, address).toCompletionStage().toCompletableFuture());
        return server.actualPort();
    }
}
