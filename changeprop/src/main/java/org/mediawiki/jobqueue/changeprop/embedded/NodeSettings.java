package org.mediawiki.jobqueue.changeprop.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each node of the cluster is told. One broker is its own controller; of several, none is: a controller that
 * shares a JVM with the brokers it waits for would stall their close.
 *
 * @param options what was asked for
 * @param brokerPorts the brokers' ports, in order
 * @param controllerPort the controller's port
 */
record NodeSettings(EmbeddedKafkaOptions options, List<Integer> brokerPorts, int controllerPort) {

    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final int CONTROLLER_ID = 100;

    /** Longer than the longest delay a job may ask for (30 days): nothing that waits may be deleted. */
    private static final Duration RETENTION = Duration.ofDays(31);

    private static final String BROKER_LISTENER = "PLAINTEXT";

    /** With free ports where {@code options} do not name them. */
    static NodeSettings of(EmbeddedKafkaOptions options) {
        List<Integer> free = new FreePorts(new SecureRandom()).find(options.brokers() + 1);
        List<Integer> brokerPorts = options.ports().isEmpty() ? free.subList(1, free.size()) : options.ports();
        return new NodeSettings(options, List.copyOf(brokerPorts), free.get(0));
    }

    boolean hasOwnController() {
        return options.brokers() > 1;
    }

    /** The brokers' ids, from 1. */
    List<Integer> brokerIds() {
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id <= options.brokers(); id++) {
            ids.add(id);
        }
        return ids;
    }

    String address(int brokerId) {
        return "127.0.0.1:" + brokerPorts.get(brokerId - 1);
    }

    /** Of every broker, separated by commas. */
    String bootstrapServers() {
        return brokerIds().stream().map(this::address).collect(Collectors.joining(","));
    }

    Properties controller(Path folder) {
        Properties properties = common(CONTROLLER_ID, folder);
        properties.setProperty("process.roles", "controller");
        properties.setProperty("listeners", controllerListener());
        // Kafka wants this from the controller; one broker is content with its default.
        properties.setProperty("default.replication.factor", Integer.toString(options.brokers()));
        return properties;
    }

    Properties broker(int id, Path folder) {
        Properties properties = common(id, folder);
        List<String> listeners = new ArrayList<>();
        List<String> advertised = new ArrayList<>();
        listeners.add(BROKER_LISTENER + "://" + address(id));
        advertised.add(BROKER_LISTENER + "://" + address(id));
        for (EmbeddedKafkaOptions.Listener more : options.listeners()) {
            listeners.add(more.name() + "://127.0.0.1:" + more.ports().get(id - 1));
            advertised.add(
                    more.name() + "://127.0.0.1:" + more.advertisedPorts().get(id - 1));
        }
        if (!hasOwnController()) {
            listeners.add(controllerListener());
        }
        properties.setProperty("process.roles", hasOwnController() ? "broker" : "broker,controller");
        properties.setProperty("listeners", String.join(",", listeners));
        properties.setProperty("advertised.listeners", String.join(",", advertised));
        properties.setProperty("inter.broker.listener.name", BROKER_LISTENER);
        return properties;
    }

    private Properties common(int id, Path folder) {
        Properties properties = new Properties();
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty("log.dirs", folder.toString());
        properties.setProperty("controller.listener.names", CONTROLLER_LISTENER);
        properties.setProperty("controller.quorum.voters", controllerId() + "@127.0.0.1:" + controllerPort);
        Stream<String> own = Stream.of(CONTROLLER_LISTENER, BROKER_LISTENER);
        Stream<String> more = options.listeners().stream().map(EmbeddedKafkaOptions.Listener::name);
        properties.setProperty(
                "listener.security.protocol.map",
                Stream.concat(own, more).map(name -> name + ":PLAINTEXT").collect(Collectors.joining(",")));
        if (options.flushBeforeAck()) {
            properties.setProperty("log.flush.interval.messages", "1");
        }
        putTopicDefaults(properties);
        putSizes(properties);
        return properties;
    }

    private void putTopicDefaults(Properties properties) {
        EmbeddedKafkaOptions.TopicDefaults topics = options.topics();
        String replicas = Integer.toString(options.brokers());
        String inSync = Integer.toString(topics.minInsyncReplicas());
        String partitions = Integer.toString(topics.offsetsPartitions());
        String bytes = Integer.toString(topics.maxMessageBytes());
        properties.setProperty("auto.create.topics.enable", Boolean.toString(topics.autoCreate()));
        properties.setProperty("min.insync.replicas", inSync);
        properties.setProperty("message.max.bytes", bytes);
        properties.setProperty("replica.fetch.max.bytes", bytes);
        properties.setProperty("log.retention.ms", Long.toString(RETENTION.toMillis()));
        properties.setProperty("offsets.topic.num.partitions", partitions);
        properties.setProperty("offsets.topic.replication.factor", replicas);
        properties.setProperty("offsets.retention.minutes", Long.toString(RETENTION.toMinutes()));
        properties.setProperty("transaction.state.log.num.partitions", partitions);
        properties.setProperty("transaction.state.log.replication.factor", replicas);
        properties.setProperty("transaction.state.log.min.isr", inSync);
        properties.setProperty("share.coordinator.state.topic.num.partitions", partitions);
        properties.setProperty("share.coordinator.state.topic.replication.factor", replicas);
        properties.setProperty("share.coordinator.state.topic.min.isr", inSync);
    }

    /** Threads and memory for one machine, and no waiting for members that are never going to come. */
    private static void putSizes(Properties properties) {
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "4");
        properties.setProperty("background.threads", "2");
        properties.setProperty("group.coordinator.threads", "1");
        properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        // A start waits for a heartbeat, and a broker that comes back for the end of its earlier session.
        properties.setProperty("broker.heartbeat.interval.ms", "200");
        // It asks 0.1, 0.3, 0.7, 1.5 and 3.1 s after its start.
        properties.setProperty("broker.session.timeout.ms", "1500");
    }

    private int controllerId() {
        return hasOwnController() ? CONTROLLER_ID : 1;
    }

    private String controllerListener() {
        return CONTROLLER_LISTENER + "://127.0.0.1:" + controllerPort;
    }
}
