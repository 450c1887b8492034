package org.mediawiki.jobqueue.loadtest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;

/** One broker for all tests of a JVM; each test keeps to a datacenter of its own. */
final class SharedKafka {

    private static final AtomicInteger DATACENTERS = new AtomicInteger();
    private static final EmbeddedKafka KAFKA = start();

    private SharedKafka() {}

    static String bootstrapServers() {
        return KAFKA.bootstrapServers();
    }

    /** A name that no other test uses. */
    static String newDatacenter() {
        return "dc" + DATACENTERS.incrementAndGet();
    }

    private static EmbeddedKafka start() {
        try {
            TemporaryFolder folder = TemporaryFolder.create("kafka");
            EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder.path()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                kafka.close();
                folder.close();
            }));
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
