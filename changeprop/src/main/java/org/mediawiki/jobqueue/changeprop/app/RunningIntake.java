package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.changeprop.intake.Intake;
import org.mediawiki.jobqueue.changeprop.kafka.KafkaClients;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;

/**
 * The intake with its Kafka clients, on an event loop of its own: posts and jobs do not wait for each other. Opened and
 * closed by the service; its vitals may be asked on any thread.
 */
final class RunningIntake implements Vitals {

    /** As many as MediaWiki's own topics have: a wiki's jobs keep their order. */
    private static final int PARTITIONS_OF_A_JOB_TYPE = 1;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    /** No lane can have this name. */
    private static final String NAME = "the intake";

    private final Vertx vertx;
    private final EventLoopProbe probe;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final Intake intake;
    private volatile @Nullable String deployment;

    RunningIntake(SharedParts shared) {
        IntakeConfig config = shared.configuration().intake();
        KafkaClients clients = new KafkaClients(shared.configuration().kafka(), shared.instance() + "-intake");
        this.vertx = Intake.vertx();
        this.probe = new EventLoopProbe(vertx.getOrCreateContext());
        this.admin = clients.admin();
        this.producer = clients.producerWithin(config.patience());
        shared.metrics().producer("intake").producer(producer::metrics);
        OwnTopics topics = shared.ownTopics(admin, PARTITIONS_OF_A_JOB_TYPE);
        this.intake = Intake.into(
                new Intake.Kafka(
                        producer,
                        topics,
                        (topic, partition) ->
                                shared.metrics().produced(shared.topics().streamOf(topic), partition)),
                config,
                shared.topics(),
                shared.metrics().intake());
    }

    /** Listens; fails where the port is in use. */
    Future<Void> open() {
        return vertx.deployVerticle(intake).onSuccess(id -> deployment = id).mapEmpty();
    }

    int port() {
        return intake.port();
    }

    /** What waits for company on its way to Kafka leaves. Any thread. */
    void push() {
        var unused = vertx.executeBlocking(() -> {
            producer.flush();
            return null;
        });
    }

    /** Stops to listen, and finishes what is in hand. */
    Future<Void> close() {
        String id = deployment;
        Future<Void> stopped = id == null ? Future.succeededFuture() : vertx.undeploy(id);
        // Of no context: that of a Vert.x that is closed tells nobody any more.
        Promise<Void> closed = Promise.promise();
        stopped.eventually(() -> vertx.executeBlocking(() -> {
                    admin.close(CLOSE_PATIENCE);
                    return null;
                }))
                .onComplete(ignored -> vertx.close().onComplete(closed));
        return closed.future();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Its event loop answers, or nobody does; what Kafka does not take is answered for post by post. */
    @Override
    public Future<Optional<String>> unhealthy() {
        return probe.unhealthy();
    }

    @Override
    public Optional<String> unready() {
        return notStarted();
    }

    @Override
    public Optional<String> notStarted() {
        return deployment == null ? Optional.of("the intake does not listen") : Optional.empty();
    }

    @Override
    public Future<Void> refreshMetrics() {
        return Future.succeededFuture();
    }
}
