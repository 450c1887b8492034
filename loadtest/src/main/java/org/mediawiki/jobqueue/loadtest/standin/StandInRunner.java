package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/**
 * A server that passes for mw-jobrunner: HTTPS, both of its endpoints, HTTP/1.1 and HTTP/2, on a Vert.x of its own.
 * Until told otherwise it answers every job {@code 200} at once.
 *
 * <pre>{@code
 * try (StandInRunner runner = StandInRunner.start(StandInOptions.defaults())) {
 *     runner.on(type("refreshLinks")).answerTimes(2, status(503)).then(ok());
 *     …
 *     assertThat(runner.ledger().lost(produced)).isEmpty();
 * }
 * }</pre>
 *
 * <p>Ready when built. Methods may be called from any thread but an event loop; those that start or stop it block.
 */
public final class StandInRunner implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final StandInOptions options;
    private final int port;
    private final Path caFile;
    private final Vertx vertx;
    private final RuleTable rules = new RuleTable();
    private final RequestLedger ledger;

    /** Present while connections are accepted. */
    private Optional<String> deployment = Optional.empty();

    private StandInRunner(StandInOptions options, int port, Path caFile) {
        this.options = options;
        this.port = port;
        this.caFile = caFile;
        this.ledger = new RequestLedger(options.detail(), System::nanoTime);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(options.listen().eventLoops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    }

    /**
     * Starts it, and blocks until it accepts connections.
     *
     * @throws IllegalStateException if the port is taken
     */
    public static StandInRunner start(StandInOptions options) {
        int asked = options.listen().port();
        int port = asked == 0 ? new FreePorts(new SecureRandom()).find(1).get(0) : asked;
        StandInRunner runner = new StandInRunner(options, port, writeCa(options.certificate()));
        try {
            runner.acceptConnections();
        } catch (RuntimeException e) {
            runner.close();
            throw e;
        }
        return runner;
    }

    /** Begins a rule: whom it is for; say next what they are answered. */
    public RuleTable.Subject on(JobMatch match) {
        return rules.on(match);
    }

    /**
     * Adds a rule in its text form, as the control port takes it.
     *
     * @throws IllegalArgumentException where a key is unknown or a value has no meaning
     */
    public void addRule(JsonObject rule) {
        RuleSpec.parse(rule).addTo(rules);
    }

    public RuleTable rules() {
        return rules;
    }

    public RequestLedger ledger() {
        return ledger;
    }

    public int port() {
        return port;
    }

    /** The address of mw-jobrunner's own endpoint ({@code protocol: rpc}). */
    public URI rpcUri() {
        return URI.create("https://localhost:" + port + JobEndpoint.RPC_PATH);
    }

    /** The address of the EventBus extension's endpoint ({@code protocol: rest}). */
    public URI restUri() {
        return URI.create("https://localhost:" + port + JobEndpoint.REST_PATH);
    }

    /** The certificate of the authority to trust, as PEM, in a file that lasts until {@link #close}. */
    public Path caFile() {
        return caFile;
    }

    /** Stops listening and cuts every connection: clients are refused until {@link #acceptConnections}. */
    public synchronized void refuseConnections() {
        deployment.ifPresent(id -> done(vertx.undeploy(id)));
        deployment = Optional.empty();
    }

    /** Listens again, on the same port; nothing happens if it does. */
    public synchronized void acceptConnections() {
        if (deployment.isEmpty()) {
            DeploymentOptions oneForEachLoop =
                    new DeploymentOptions().setInstances(options.listen().eventLoops());
            deployment = Optional.of(done(vertx.deployVerticle(this::endpoint, oneForEachLoop)));
        }
    }

    /** Cuts every connection and forgets the authority's file; the ledger can still be read. */
    @Override
    public void close() {
        done(vertx.close());
        try {
            Files.deleteIfExists(caFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Vertx vertx() {
        return vertx;
    }

    private JobEndpoint endpoint() {
        return new JobEndpoint(serverOptions(), rules, ledger, options.seed());
    }

    private HttpServerOptions serverOptions() {
        StandInCertificate certificate = options.certificate();
        return new HttpServerOptions()
                .setHost(options.listen().address())
                .setPort(port)
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(certificate.chainPem()))
                        .setKeyValue(Buffer.buffer(certificate.keyPem())))
                // On a machine that stands still for a while: ten seconds, Vert.x's own, is a client given up on.
                .setSslHandshakeTimeout(PATIENCE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setUseAlpn(true)
                .setAlpnVersions(
                        options.listen().http2()
                                ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                                : List.of(HttpVersion.HTTP_1_1))
                // Clients under test give up on many requests at once; that is no attack.
                .setHttp2RstFloodMaxRstFramePerWindow(Integer.MAX_VALUE);
    }

    private static Path writeCa(StandInCertificate certificate) {
        try {
            return Files.writeString(Files.createTempFile("stand-in-ca", ".pem"), certificate.caPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the stand-in started or stopped", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the stand-in did nothing for " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            // The cause belongs into the message: of a test, Surefire's summary prints nothing else.
            throw new IllegalStateException("the stand-in failed: " + e.getCause(), e.getCause());
        }
    }
}
