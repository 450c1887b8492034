package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.config.ServerTlsConfig;
import org.mediawiki.jobqueue.changeprop.publish.KafkaOutbox.ProduceListener;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The port that MediaWiki posts events to. Accepts connections from its deployment on until it is undeployed; posts that
 * are in hand then are finished first.
 *
 * <p>On Linux the next process may open the port before this one closes it, so that a restart has no gap: see
 * {@link ReusePortTransport}.
 */
public final class Intake implements Deployable {

    /** Enough for examining on two cores while one waits for Kafka. */
    private static final int WORKERS = 4;

    /** Connections that wait to be accepted while the event loop is busy; the system may allow fewer. */
    private static final int BACKLOG = 4_096;

    /** The largest room: more in hand would not be written any faster. */
    private static final long LARGEST_BUDGET = 64L << 20;

    private static final int HEAP_PARTS = 16;

    private final IntakeConfig config;
    private final Topics topics;
    private final Store store;
    private final IntakeListener listener;
    private final long budgetBytes;
    private final Duration certificateInterval;
    private Time.Cancellation certificateWatch = Time.Cancellation.NONE;
    private @Nullable HttpServer server;
    private @Nullable WorkerExecutor workers;

    /** {@code budgetBytes} is how much of what was posted may be in hand at once. */
    Intake(IntakeConfig config, Topics topics, Store store, IntakeListener listener, long budgetBytes) {
        this(config, topics, store, listener, budgetBytes, RenewedCertificate.INTERVAL);
    }

    /** {@code certificateInterval} is how often is looked whether the certificate's files have changed. */
    Intake(
            IntakeConfig config,
            Topics topics,
            Store store,
            IntakeListener listener,
            long budgetBytes,
            Duration certificateInterval) {
        this.config = config;
        this.topics = topics;
        this.store = store;
        this.listener = listener;
        this.budgetBytes = budgetBytes;
        this.certificateInterval = certificateInterval;
    }

    /**
     * Where events go.
     *
     * @param producer gives up what is not acknowledged within the intake's patience; closed with the intake
     * @param topics creates the topics of new job types
     * @param written hears of every event that was written
     */
    public record Kafka(Producer<byte[], byte[]> producer, OwnTopics topics, ProduceListener written) {}

    /** An intake that writes to Kafka; it listens when it is deployed. */
    public static Intake into(Kafka kafka, IntakeConfig config, Topics topics, IntakeListener listener) {
        long part = Runtime.getRuntime().maxMemory() / HEAP_PARTS;
        long budget = Math.max(config.maxBody().bytes(), Math.min(LARGEST_BUDGET, part));
        Store store = new KafkaStore(kafka.producer(), kafka.topics(), kafka.written());
        return new Intake(config, topics, store, listener, budget);
    }

    /** Vert.x for an intake, and for nothing else. */
    public static Vertx vertx() {
        return ReusePortTransport.vertx();
    }

    /** The port that is listened on; only after the deployment. */
    public int port() {
        return Objects.requireNonNull(server).actualPort();
    }

    @Override
    public Future<?> deploy(Context context) {
        Vertx vertx = context.owner();
        Time time = Time.of(vertx);
        WorkerExecutor examiners = vertx.createSharedWorkerExecutor("intake", WORKERS);
        workers = examiners;
        IntakeAccess access = new IntakeAccess(config.allow(), config.secret());
        Connections connections = new Connections(
                config.idleTimeout(),
                connection -> access.isStranger(Head.address(connection.remoteAddress())),
                time,
                listener::connections);
        IntakeParts parts = new IntakeParts(
                context,
                examiners,
                config,
                new ByteBudget(budgetBytes, time),
                new Examination(
                        topics, config.streams(), time, () -> UUID.randomUUID().toString()),
                store,
                connections,
                listener,
                time);
        HttpServerOptions options = options(vertx);
        HttpServer opened = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .requestHandler(request -> new Post(parts, request).begin(access));
        server = opened;
        certificateWatch = watchCertificate(vertx, time, () -> opened.updateSSLOptions(options.getSslOptions(), true));
        return opened.listen(config.port(), config.host()).onSuccess(ignored -> ReusePortTransport.accept(vertx));
    }

    /** Stops to listen, finishes what is in hand, and closes the store. */
    @Override
    public Future<?> undeploy(Context context) {
        HttpServer open = server;
        if (open == null) {
            return Future.succeededFuture();
        }
        certificateWatch.cancel();
        Duration patience = config.patience().plusSeconds(1);
        return open.shutdown(patience)
                .eventually(() -> context.owner().executeBlocking(() -> {
                    store.close();
                    return null;
                }))
                .eventually(() -> Objects.requireNonNull(workers).close());
    }

    private Time.Cancellation watchCertificate(Vertx vertx, Time time, Supplier<Future<Boolean>> take) {
        Path certificate = config.tls().certificate();
        Path key = config.tls().key();
        if (certificate == null || key == null) {
            return Time.Cancellation.NONE;
        }
        RenewedCertificate renewed =
                new RenewedCertificate(List.of(certificate, key), take, vertx, time, certificateInterval);
        renewed.look();
        return renewed::close;
    }

    private HttpServerOptions options(Vertx vertx) {
        HttpServerOptions options = new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setReusePort(vertx.isNativeTransportEnabled())
                .setHttp2ClearTextEnabled(false)
                .setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
        ServerTlsConfig tls = config.tls();
        if (tls.certificate() != null && tls.key() != null) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(tls.certificate().toString())
                            .setKeyPath(tls.key().toString()));
        }
        return options;
    }
}
