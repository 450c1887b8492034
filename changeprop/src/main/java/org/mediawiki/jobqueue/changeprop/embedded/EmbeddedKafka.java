package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster in this JVM: one to three real brokers on the loopback interface, ready when built. A lone broker is
 * {@linkplain CoordinatorWatch watched}.
 *
 * <p>The data stays in its folder; starting again on the same folder continues the same cluster, also after the process
 * was killed at any moment, the first start included. Methods may be called from any thread and block.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** Far more than a stop needs; a cluster that cannot stop must not keep its process from ending. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final ClusterFolder folder;
    private final NodeSettings settings;
    private final @Nullable Node controller;
    private final Map<Integer, Node> brokers = new LinkedHashMap<>();
    private final CoordinatorWatch watch = new CoordinatorWatch(CoordinatorWatch::failedPartitions, this::restart);
    private boolean closed;

    private EmbeddedKafka(ClusterFolder folder, NodeSettings settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.controller = settings.hasOwnController()
                ? Node.build(settings.controller(folder.formatted(NodeSettings.CONTROLLER_ID)))
                : null;
        for (int id : settings.brokerIds()) {
            brokers.put(id, Node.build(settings.broker(id, folder.formatted(id))));
        }
    }

    /**
     * Starts the brokers and blocks until each has joined; about 1.5 s on two cores.
     *
     * @throws IOException if the folder cannot be written
     * @throws IllegalStateException if a broker does not start: a port or the folder is in use, or the disk is full
     */
    public static EmbeddedKafka start(EmbeddedKafkaOptions options) throws IOException {
        EmbeddedKafka cluster =
                new EmbeddedKafka(ClusterFolder.open(options.folder(), options.brokers()), NodeSettings.of(options));
        DiskSpace.explainTheEnd(options.folder());
        try {
            cluster.startAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw new IllegalStateException("the embedded Kafka did not start in " + options.folder(), e);
        }
        if (options.brokers() == 1) {
            cluster.watch.start();
        }
        return cluster;
    }

    /** Whether the jars of Kafka's server, which are optional, are there. */
    public static boolean isAvailable() {
        try {
            Class.forName("kafka.server.KafkaRaftServer", false, EmbeddedKafka.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** Where clients connect: {@code host:port} of every broker, running or not, separated by commas. */
    public String bootstrapServers() {
        return settings.bootstrapServers();
    }

    /** The cluster's id, the same for the life of its folder. */
    public String clusterId() {
        return folder.clusterId();
    }

    /**
     * Stops a broker cleanly; nothing happens if it is stopped already.
     *
     * @param id the broker's id, from 1
     */
    public synchronized void stopBroker(int id) {
        requireBroker(id);
        Node broker = brokers.remove(id);
        if (broker != null) {
            stop(List.of(broker));
        }
    }

    /**
     * Starts a stopped broker again, on the same port and with its data; nothing happens if it runs.
     *
     * @param id the broker's id, from 1
     * @throws IOException if its folder cannot be read
     * @throws IllegalStateException if it does not start, as of {@link #start}; it is stopped then
     */
    public synchronized void startBroker(int id) throws IOException {
        requireBroker(id);
        if (!brokers.containsKey(id)) {
            Node broker = Node.build(settings.broker(id, folder.formatted(id)));
            startWhole(broker);
            brokers.put(id, broker);
        }
    }

    /** Stops every broker cleanly; the data stays. */
    @Override
    public synchronized void close() {
        closed = true;
        watch.close();
        stop(new ArrayList<>(brokers.values()));
        brokers.clear();
        if (controller != null) {
            stop(List.of(controller));
        }
    }

    /** The one broker there is. */
    private synchronized void restart() throws IOException {
        if (!closed) {
            int only = settings.brokerIds().get(0);
            stopBroker(only);
            startBroker(only);
        }
    }

    private void startAll() {
        if (controller != null) {
            controller.start();
        }
        inParallel(brokers.values(), Node::start).join();
    }

    /**
     * What has begun of a broker that does not start would keep its controller's port from the next, for which Kafka ends the
     * process.
     */
    private static void startWhole(Node broker) {
        try {
            inParallel(List.of(broker), Node::start).join();
        } catch (CompletionException e) {
            stop(List.of(broker));
            throw new IllegalStateException("a broker of the embedded Kafka did not start", e);
        }
    }

    private static void stop(Collection<Node> nodes) {
        try {
            inParallel(nodes, Node::stop)
                    .orTimeout(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            // What was acknowledged is in the log all the same: the next start recovers it.
            LOG.warn("A Kafka broker did not stop cleanly", e.getCause());
        }
    }

    private static CompletableFuture<Void> inParallel(Collection<Node> nodes, Consumer<Node> step) {
        return CompletableFuture.allOf(nodes.stream()
                .map(node -> CompletableFuture.runAsync(() -> step.accept(node), EmbeddedKafka::onOwnThread))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static void onOwnThread(Runnable step) {
        Thread thread = new Thread(step, "embedded-kafka-step");
        thread.setDaemon(true);
        thread.start();
    }

    private void requireBroker(int id) {
        if (!settings.brokerIds().contains(id)) {
            throw new IllegalArgumentException("there is no broker " + id + ", only " + settings.brokerIds());
        }
    }
}
