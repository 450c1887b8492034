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
final class Postbag {

    /** Thousands of common jobs, more than a partition may have open; of the largest, two at a time. */
    static final long ROOM_BYTES = 8L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Postbag.class);

    private final Outbox outbox;
    private final Consumer<Throwable> onFailure;
    private final Deque<Parcel> waiting = new ArrayDeque<>();
    private long underWayBytes;

    /** {@code onFailure} is told where an event that had to wait could not be made, and will not be sent. */
    Postbag(Outbox outbox, Consumer<Throwable> onFailure) {
        this.outbox = outbox;
        this.onFailure = onFailure;
    }

    private record Parcel(long bytes, Supplier<OutboundEvent> event, Promise<Receipt> receipt) {}

    /**
     * As {@link Outbox#send}. One that is larger than the room goes alone.
     *
     * @param bytes about how large the event will be
     * @param event makes it, at once or later; must not throw
     */
    Future<Receipt> send(long bytes, Supplier<OutboundEvent> event) {
        Parcel parcel = new Parcel(bytes, event, Promise.promise());
        if (waiting.isEmpty() && hasRoomFor(parcel)) {
            send(parcel);
        } else {
            waiting.add(parcel);
        }
        return parcel.receipt().future();
    }

    /** As {@link Outbox#announce}. */
    void announce(String topic) {
        outbox.announce(topic);
    }

    private boolean hasRoomFor(Parcel parcel) {
        return underWayBytes == 0 || underWayBytes + parcel.bytes() <= ROOM_BYTES;
    }

    private void send(Parcel parcel) {
        OutboundEvent event = parcel.event().get();
        underWayBytes += parcel.bytes();
        outbox.send(event).onSuccess(receipt -> arrived(parcel, receipt));
    }

    private void arrived(Parcel parcel, Receipt receipt) {
        underWayBytes -= parcel.bytes();
        parcel.receipt().complete(receipt);
        while (!waiting.isEmpty() && hasRoomFor(waiting.element())) {
            sendLater(waiting.remove());
        }
    }

    /** Nobody stands above us in the stack who would give the job up: the slot behind the event stays open. */
    private void sendLater(Parcel parcel) {
        try {
            send(parcel);
        } catch (RuntimeException | Error e) {
            LOG.error("An event could not be made, and its job stays open: the lane cannot go on", e);
            onFailure.accept(e);
        }
    }
}
