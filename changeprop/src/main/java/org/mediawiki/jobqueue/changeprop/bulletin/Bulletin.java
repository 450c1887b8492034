package org.mediawiki.jobqueue.changeprop.bulletin;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.publish.OwnTopics;

/**
 * One compacted topic: reads it whole and goes on reading, tells what it reads, and writes to it. Kafka may be down at
 * the start or at any time: reading goes on when it is back, each write is tried for {@link #WRITE_PATIENCE}.
 *
 * <p>Any thread; nothing blocks but {@link #close}.
 */
public final class Bulletin implements AutoCloseable {

    /** Longer than a broker's failover takes; what a writer still wants by then it says anew. */
    public static final Duration WRITE_PATIENCE = Duration.ofSeconds(30);

    private final BulletinReader reader;
    private final BulletinWriter writer;
    private final Admin admin;

    /** Is told of every record. Called on the bulletin's reading thread; must return at once. */
    @FunctionalInterface
    public interface Listener {

        /**
         * In the order in which they were written, for each key. What a later record has replaced may be told or not;
         * after a rebirth of the topic keys that stood in the old one alone are not told to be gone.
         *
         * @param value null: the key is gone
         * @param at when it was written, by the writer's clock
         */
        void told(String key, byte @Nullable [] value, Instant at);
    }

    /**
     * What a bulletin is made of; closed with it.
     *
     * @param reader of no group
     * @param writer whose acknowledgement is that of all in-sync replicas, given or refused within {@link #WRITE_PATIENCE}
     */
    public record Clients(Consumer<byte[], byte[]> reader, Producer<byte[], byte[]> writer, Admin admin) {}

    /** {@code ownTopics} creates the topic where it is missing, with {@code clients}' admin. */
    public Bulletin(String topic, Clients clients, OwnTopics ownTopics, Listener listener) {
        this.reader = new BulletinReader(topic, clients.reader(), clients.admin(), ownTopics, listener);
        this.writer = new BulletinWriter(topic, clients.writer(), ownTopics);
        this.admin = clients.admin();
    }

    /** Begins to read. Once. */
    public void start() {
        reader.start();
    }

    /**
     * Completes when the listener has been told everything that was in the topic at the time of this call, whoever wrote
     * it: all writes that had been acknowledged by then. On the reading thread. Stays open as long as Kafka cannot be
     * read, so bound the wait ({@link CompletableFuture#orTimeout}); fails when the bulletin is closed.
     */
    public CompletableFuture<Void> caughtUp() {
        return reader.caughtUp();
    }

    /**
     * Says what is true of {@code key} from here on; null: nothing any more.
     *
     * @return completes, on a thread that must not be blocked, when all in-sync replicas have it; fails where
     *     that is not known to have happened within {@link #WRITE_PATIENCE}, where too much waits to be
     *     written, or the bulletin is closed
     */
    public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
        return writer.write(key, value);
    }

    /** Waits a moment for what is being written. Blocks for some seconds at most. */
    @Override
    public void close() {
        writer.close();
        reader.close();
        admin.close(BulletinReader.CLOSE_PATIENCE);
    }
}
