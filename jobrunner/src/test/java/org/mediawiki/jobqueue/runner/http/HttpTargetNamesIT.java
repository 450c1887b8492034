package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
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

/** How the target follows its name: a discovery name moves to the other datacenter. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 is not on loopback by itself")
class HttpTargetNamesIT {

    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private final AtomicLong nanoTime = new AtomicLong();

    @TempDir
    private Path files;

    private Path hosts;
    private Vertx vertx;

    /** Resolves by a file that is read anew each time, and asks no name server but one that is not there. */
    @BeforeEach
    void open() throws Exception {
        hosts = Files.writeString(files.resolve("hosts"), "127.0.0.1 discovery.test\n");
        vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions()
                        .setHostsPath(hosts.toString())
                        .setHostsRefreshPeriod(1)
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
        SendingContext sender = new SendingContext(vertx, TargetSettings.of("test", uri, 10), nanoTime::get);
        assertThat(answeredBy(sender)).isEqualTo("here");
        Files.writeString(hosts, "127.0.0.2 discovery.test\n");
        nanoTime.addAndGet(MAX_AGE.toNanos());
        assertThat(answeredBy(sender)).isEqualTo("there");
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

    private int listen(String address, int port, String name) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.response().end(name));
        SendingContext.await(server.listen(port, address).toCompletionStage().toCompletableFuture());
        return server.actualPort();
    }
}
