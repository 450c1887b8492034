package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.runner.Time;

/** The way back: slots are closed on any thread and read by the poll thread. Bounded by the open slots. */
final class ClosedSlots implements Consumer<Slot> {

    private final BlockingQueue<Slot> slots = new LinkedBlockingQueue<>();
    private final Time time;

    ClosedSlots(Time time) {
        this.time = time;
    }

    /** A slot was closed. Any thread. */
    @Override
    public void accept(Slot slot) {
        slots.add(slot);
    }

    /** Hands every slot that has been closed to {@code settle}. */
    void drainTo(Consumer<Slot> settle) {
        for (Slot slot = slots.poll(); slot != null; slot = slots.poll()) {
            settle.accept(slot);
        }
    }

    /** As {@link #drainTo}, but waits for the first of them, up to {@code patience}. */
    void awaitAndDrainTo(Consumer<Slot> settle, Duration patience) throws InterruptedException {
        Slot first = time.await(slots, patience);
        if (first != null) {
            settle.accept(first);
            drainTo(settle);
        }
    }
}
