package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * One life of the application that keeps what waits: from its start to its first failure, or until it is closed. Any
 * thread.
 */
interface Application {

    /** Returns at once. */
    void start();

    /** Complete when every thread of it has ended, and none uses its folder any more; the same one each time. */
    CompletableFuture<Void> end();

    /** What it ended with. */
    Optional<Throwable> failure();

    /** Leaves the group, so that others take over at once. Blocks. Returns whether every thread has ended. */
    boolean close(Duration patience);

    /** As {@link #close}; a thread that waits for records meanwhile waits no longer, and so ends without a clean end. */
    boolean closeByForce(Duration patience);

    /** Why it does not release what is due; for people. */
    Optional<String> unready();

    /**
     * What waits in {@code partition}.
     *
     * @throws org.apache.kafka.streams.errors.InvalidStateStoreException where it is not here, or not now
     */
    ReadOnlyKeyValueStore<byte[], byte[]> store(int partition);
}
