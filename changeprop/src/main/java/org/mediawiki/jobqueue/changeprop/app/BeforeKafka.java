package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.mediawiki.jobqueue.changeprop.admin.AdminServer;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.kafka.BootstrapNames;
import org.mediawiki.jobqueue.changeprop.metrics.Pages;
import org.mediawiki.jobqueue.changeprop.metrics.Registries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process does while no name of a broker resolves, so that none of Kafka's clients can be made and no part of the
 * service opened: it waits, and its admin port tells health and nothing else. Whoever restarted it would only make it
 * wait longer. Used once, on the thread that opens the service.
 */
final class BeforeKafka implements Vitals, AutoCloseable {

    /** As long as brokers that do not answer are waited for. */
    static final Duration BACKOFF = Duration.ofSeconds(2);

    /** No lane can have this name. */
    private static final String NAME = "the names of Kafka";

    private static final Logger LOG = LoggerFactory.getLogger(BeforeKafka.class);

    private final Vertx vertx;
    private final AdminConfig admin;
    private final BootstrapNames names;
    private final Duration backoff;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** {@code backoff} passes from one try to the next. */
    BeforeKafka(Vertx vertx, AdminConfig admin, BootstrapNames names, Duration backoff) {
        this.vertx = vertx;
        this.admin = admin;
        this.names = names;
        this.backoff = backoff;
    }

    /**
     * Blocks until a name resolves. A signal ends the process meanwhile, which has nothing to drain.
     *
     * @throws IllegalStateException where the admin port is in use, the thread is interrupted, or this is {@linkplain #close
     *     closed} meanwhile
     */
    void await() {
        if (names.anyResolves()) {
            return;
        }
        LOG.warn(
                "No name of kafka.bootstrap_servers resolves, which is tried again each {} until one does: {}",
                backoff,
                names);
        AdminServer server = new AdminServer(vertx, Registries.scraped(Optional.empty(), new Pages()), admin);
        Refresh nothing = new Refresh(List.of(), backoff, part -> {});
        Opening.await(Opening.listening(
                server.start(List.of(this), nothing, router -> {}), "the admin server", admin.host(), admin.port()));
        do {
            pause();
        } while (!names.anyResolves());
        LOG.info("A name of kafka.bootstrap_servers resolves, and the service begins");
        // The service's own takes the port.
        Opening.await(server.stop());
    }

    /** Whoever waits waits no longer. Any thread. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void pause() {
        boolean isClosed;
        try {
            isClosed = closed.await(backoff.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while no name of kafka.bootstrap_servers resolved", e);
        }
        if (isClosed) {
            throw new IllegalStateException("closed while no name of kafka.bootstrap_servers resolved");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /** It waits as it should. */
    @Override
    public Future<Optional<String>> unhealthy() {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Optional<String> unready() {
        return notStarted();
    }

    @Override
    public Optional<String> notStarted() {
        return Optional.of("none resolves: " + names);
    }

    @Override
    public Future<Void> refreshMetrics() {
        return Future.succeededFuture();
    }
}
