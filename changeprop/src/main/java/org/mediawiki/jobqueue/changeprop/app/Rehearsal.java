package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.runner.Time;

/**
 * One job on its way through a whole {@link Standalone}: posted to it, kept on disk, run by what stands in for a wiki. Shows
 * that this machine can do it, and which classes a start takes. Run by a command; blocks.
 */
public final class Rehearsal implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String PATH = "/w/rest.php/eventbus/v0/internal/job/execute";
    private static final Buffer JOB = Buffer.buffer("""
            [{"$schema":"/mediawiki/job/1.0.0","meta":{"stream":"mediawiki.job.null","domain":"wiki.example"},\
            "database":"rehearsal","type":"null","params":{}}]""");

    private final Vertx vertx = Vertx.vertx();

    /** Held on to: one that nobody holds is closed when it is collected, with what is under way. */
    private final HttpClient client = vertx.createHttpClient();

    private final Path folder;

    /** {@code folder} is empty, and the caller's to remove. */
    public Rehearsal(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts everything, has one job run, and stops everything.
     *
     * @return how long it took from the start until the job ran
     * @throws IOException where the folder cannot be written to
     * @throws IllegalStateException where something does not start, or the job is refused or not run within a minute
     */
    public Duration run() throws IOException {
        Time time = Time.of(vertx);
        long started = time.nanos();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        int wiki = await(vertx.createHttpServer()
                        .requestHandler(request -> {
                            request.response().end("{\"status\":true}");
                            ran.complete(null);
                        })
                        .listen(0, LOOPBACK))
                .actualPort();
        int brokerPort = new FreePorts(new SecureRandom()).find(1).get(0);
        Standalone standalone = Standalone.start(configuration(wiki, brokerPort), brokerPort, Optional.empty());
        try {
            int status = await(post(standalone.intakePort()));
            if (status != 201) {
                throw new IllegalStateException("the intake answered " + status);
            }
            await(Future.fromCompletionStage(ran));
            return Duration.ofNanos(time.nanos() - started);
        } finally {
            standalone.stop();
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private Future<Integer> post(int port) {
        return client.request(HttpMethod.POST, port, LOOPBACK, "/v1/events")
                .compose(request -> request.send(JOB))
                .map(answer -> answer.statusCode());
    }

    private Configuration configuration(int wikiPort, int brokerPort) {
        return ConfigurationLoader.standalone(Map.of(), Files::isReadable, LOOPBACK + ":" + brokerPort)
                .parse("""
                        standalone: {folder: "%s"}
                        targets: {wiki: {uri: "http://%s:%d%s"}}
                        intake: {port: 0}
                        admin: {port: 0}
                        """.formatted(folder, LOOPBACK, wikiPort, PATH))
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new IllegalStateException(refused.problems().get(0).inOneLine());
                });
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        }
    }
}
