package org.mediawiki.jobqueue.changeprop.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How an {@link EmbeddedKafka} is set up. Start from {@link #in(Path)} and change what matters.
 *
 * @param folder where everything is kept; created when missing, continued when it holds a cluster already
 * @param flushBeforeAck whether every write reaches the disk before it is acknowledged (default {@code false}). A
 *     broker without replicas needs it to survive a power loss; a process that is killed loses nothing without it
 * @param brokers how many brokers, 1 to 3 (default 1); a folder keeps the number it was started with
 * @param ports the brokers' ports in order, as many as there are brokers; empty (the default) picks free ones
 * @param topics what topics get that are created without saying it themselves
 * @param listeners more listeners of each broker (default none)
 */
public record EmbeddedKafkaOptions(
        Path folder,
        boolean flushBeforeAck,
        int brokers,
        List<Integer> ports,
        TopicDefaults topics,
        List<Listener> listeners) {

    private static final int MOST_BROKERS = 3;

    public EmbeddedKafkaOptions {
        ports = List.copyOf(ports);
        listeners = List.copyOf(listeners);
        if (brokers < 1 || brokers > MOST_BROKERS) {
            throw new IllegalArgumentException("brokers must be 1 to " + MOST_BROKERS + ", not " + brokers);
        }
        if (!ports.isEmpty() && ports.size() != brokers) {
            throw new IllegalArgumentException(brokers + " brokers need " + brokers + " ports, not " + ports);
        }
        for (Listener listener : listeners) {
            if (listener.ports().size() != brokers) {
                throw new IllegalArgumentException(brokers + " brokers need " + brokers + " ports, not " + listener);
            }
        }
        if (topics.minInsyncReplicas() > brokers) {
            throw new IllegalArgumentException(
                    "min.insync.replicas must be 1 to " + brokers + ", not " + topics.minInsyncReplicas());
        }
    }

    /** One broker on a free port, topics created on demand, messages of up to 8 MiB. */
    public static EmbeddedKafkaOptions in(Path folder) {
        return new EmbeddedKafkaOptions(folder, false, 1, List.of(), TopicDefaults.DEFAULT, List.of());
    }

    /** As many brokers; with three, a write needs two of them ({@code min.insync.replicas}). */
    public EmbeddedKafkaOptions withBrokers(int count) {
        int inSync = count == MOST_BROKERS ? 2 : 1;
        return new EmbeddedKafkaOptions(
                folder, flushBeforeAck, count, List.of(), topics.withMinInsyncReplicas(inSync), List.of());
    }

    /** These ports, one for each broker; set the number of brokers first. */
    public EmbeddedKafkaOptions withPorts(List<Integer> fixed) {
        return new EmbeddedKafkaOptions(folder, flushBeforeAck, brokers, fixed, topics, listeners);
    }

    public EmbeddedKafkaOptions withFlushBeforeAck(boolean flush) {
        return new EmbeddedKafkaOptions(folder, flush, brokers, ports, topics, listeners);
    }

    public EmbeddedKafkaOptions withTopics(TopicDefaults defaults) {
        return new EmbeddedKafkaOptions(folder, flushBeforeAck, brokers, ports, defaults, listeners);
    }

    /** A further listener of each broker; set the number of brokers first. */
    public EmbeddedKafkaOptions withListener(Listener listener) {
        List<Listener> more = new ArrayList<>(listeners);
        more.add(listener);
        return new EmbeddedKafkaOptions(folder, flushBeforeAck, brokers, ports, topics, more);
    }

    /**
     * A listener whose clients are told to connect to other ports than it listens on, so that something may stand in between.
     *
     * @param name upper-case letters, digits and {@code _}
     * @param ports the brokers' ports in order
     * @param advertisedPorts where clients connect to instead, as many
     */
    public record Listener(String name, List<Integer> ports, List<Integer> advertisedPorts) {

        public Listener {
            ports = List.copyOf(ports);
            advertisedPorts = List.copyOf(advertisedPorts);
            if (ports.size() != advertisedPorts.size()) {
                throw new IllegalArgumentException(ports + " need as many advertised ports, not " + advertisedPorts);
            }
        }
    }

    /**
     * The brokers' defaults for topics.
     *
     * @param autoCreate whether producing to a missing topic creates it (default {@code true}; one partition)
     * @param minInsyncReplicas how many replicas must have a write that asks for all (default 1; 2 of 3 brokers)
     * @param offsetsPartitions partitions of Kafka's own topics for offsets and transactions (default 4; a folder
     *     keeps the number it was started with)
     * @param maxMessageBytes the largest record batch, in bytes (default 8 MiB, twice the largest job)
     */
    public record TopicDefaults(boolean autoCreate, int minInsyncReplicas, int offsetsPartitions, int maxMessageBytes) {

        static final TopicDefaults DEFAULT = new TopicDefaults(true, 1, 4, 8 << 20);

        public TopicDefaults {
            if (minInsyncReplicas < 1 || offsetsPartitions < 1 || maxMessageBytes < 1) {
                throw new IllegalArgumentException("topic defaults must be positive");
            }
        }

        public TopicDefaults withAutoCreate(boolean create) {
            return new TopicDefaults(create, minInsyncReplicas, offsetsPartitions, maxMessageBytes);
        }

        public TopicDefaults withMinInsyncReplicas(int replicas) {
            return new TopicDefaults(autoCreate, replicas, offsetsPartitions, maxMessageBytes);
        }

        public TopicDefaults withMaxMessageBytes(int bytes) {
            return new TopicDefaults(autoCreate, minInsyncReplicas, offsetsPartitions, bytes);
        }
    }
}
