package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the outbox, with room for so many bytes. An event is a copy of its job, and is made only when there is room
 * for it, so that jobs that all fail at once do not take several times the memory that they are allowed. Used on the
 * lane's context.
 */
final class BoundedOutbox {

    /** Thousands of common jobs, more than a partition may have open; of the largest, two at a time. */
    static final long ROOM_BYTES = 8L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(BoundedOutbox.class);

    private final Outbox outbox;
    private final Consumer<Throwable> onFailure;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long underWayBytes;

    /** {@code onFailure} is told where an event that had to wait could not be made, and will not be sent. */
    BoundedOutbox(Outbox outbox, Consumer<Throwable> onFailure) {
        this.outbox = outbox;
        this.onFailure = onFailure;
    }

    private record Waiting(long bytes, Supplier<OutboundEvent> event, Promise<Receipt> receipt) {}

    /**
     * As {@link Outbox#send}. One that is larger than the room goes alone.
     *
     * @param bytes about how large the event will be
     * @param event makes it, at once or later; must not throw
     */
    Future<Receipt> send(long bytes, Supplier<OutboundEvent> event) {
        Waiting item = new Waiting(bytes, event, Promise.promise());
        if (waiting.isEmpty() && hasRoomFor(item)) {
            send(item);
        } else {
            waiting.add(item);
        }
        return item.receipt().future();
    }

    /** As {@link Outbox#announce}. */
    void announce(String topic) {
        outbox.announce(topic);
    }

    private boolean hasRoomFor(Waiting item) {
        return underWayBytes == 0 || underWayBytes + item.bytes() <= ROOM_BYTES;
    }

    private void send(Waiting item) {
        OutboundEvent event = item.event().get();
        underWayBytes += item.bytes();
        outbox.send(event).onSuccess(receipt -> arrived(item, receipt));
    }

    private void arrived(Waiting item, Receipt receipt) {
        underWayBytes -= item.bytes();
        item.receipt().complete(receipt);
        while (!waiting.isEmpty() && hasRoomFor(waiting.element())) {
            sendLater(waiting.remove());
        }
    }

    /** Nobody stands above us in the stack who would give the job up: the slot behind the event stays open. */
    private void sendLater(Waiting item) {
        try {
            send(item);
        } catch (RuntimeException | Error e) {
            LOG.error("An event could not be made, and its job stays open: the lane cannot go on", e);
            onFailure.accept(e);
        }
    }
}
