package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The lane's place in its group, and the consumer that holds it at the moment. Another consumer may take its place, under
 * the same name. Poll thread only, but for {@link #requestReplacement}.
 */
final class ReplaceableConsumer {

    /** Brokers that do not hear of it notice it when the session times out. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /** Written by the poll thread, which holds the monitor for it; read by it, and by others with the monitor. */
    private Consumer<byte[], byte[]> consumer;

    /** Guarded by the monitor. */
    private boolean isReplacementRequested;

    /** Made to take this one's place; the group hears nothing of it yet. */
    private Optional<Consumer<byte[], byte[]>> next = Optional.empty();

    ReplaceableConsumer(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
        this.consumer = consumers.get();
    }

    Consumer<byte[], byte[]> current() {
        return consumer;
    }

    /**
     * Another consumer is to take this one's place. What the poll thread waits for in the consumer ends by a
     * {@link org.apache.kafka.common.errors.WakeupException}, now or when it waits next. Any thread.
     */
    synchronized void requestReplacement() {
        isReplacementRequested = true;
        consumer.wakeup();
    }

    /** Where it returns true, the consumer has been woken up as well. */
    synchronized boolean isReplacementRequested() {
        return isReplacementRequested;
    }

    /**
     * Makes the consumer that is to take this one's place; this one goes on. Nobody hears of it before it subscribes.
     *
     * @throws org.apache.kafka.common.KafkaException where it cannot be made now, since no name of a broker resolves, or a
     *     file of certificates is being replaced; call again later
     */
    void prepareReplacement() {
        if (next.isEmpty()) {
            next = Optional.of(consumers.get());
        }
    }

    /**
     * The one that {@link #prepareReplacement} has made takes this one's place, also where this one does not close as it should.
     * The group does not hear that one goes and another comes: a name stays in it until its session ends.
     */
    void replace() {
        Consumer<byte[], byte[]> another = next.orElseThrow();
        next = Optional.empty();
        try {
            close(consumer, GroupMembershipOperation.REMAIN_IN_GROUP);
        } finally {
            synchronized (this) {
                consumer = another;
                isReplacementRequested = false;
            }
        }
    }

    /** A member with a name stays in the group unless it says so, and the others would wait until its session ends. */
    void close() {
        next.ifPresent(another -> close(another, GroupMembershipOperation.REMAIN_IN_GROUP));
        close(consumer, GroupMembershipOperation.LEAVE_GROUP);
    }

    private static void close(Consumer<byte[], byte[]> consumer, GroupMembershipOperation operation) {
        consumer.close(CloseOptions.timeout(CLOSE_PATIENCE).withGroupMembershipOperation(operation));
    }
}
