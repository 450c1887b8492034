package org.mediawiki.jobqueue.changeprop.embedded;

import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** One running Kafka server. A server never runs twice: whoever starts it again builds a new one. */
final class Node {

    private final KafkaRaftServer server;

    private Node(KafkaRaftServer server) {
        this.server = server;
    }

    /** Builds the server, without starting it. Servers register meters that the JVM shares, so one after the other. */
    static Node build(Properties properties) {
        synchronized (Node.class) {
            return new Node(new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM));
        }
    }

    /** Blocks until the server takes part in the cluster. */
    void start() {
        server.startup();
    }

    /** Hands leadership over, closes the logs cleanly and blocks until that is done. */
    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }
}
