package org.mediawiki.jobqueue.changeprop.ledger;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One record that was polled and is not done. Opened by the poll thread, closed exactly once, usually on the lane's
 * context; closing hands it back to the poll thread through {@code closed}.
 */
public final class Slot {

    private final PartitionLedger ledger;
    private final long offset;
    private final int bytes;
    private final Consumer<Slot> closed;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Written by whoever closes the slot, before it is handed over; read by the poll thread after. */
    private @Nullable Ending ending;

    /** Written by whoever reads the record, read by the poll thread. */
    private volatile String name = "";

    /** Written once at the most, before the slot is closed. */
    private volatile @Nullable Slot earlier;

    /** Neighbours among the open slots of the partition, by offset. Poll thread only. */
    @Nullable
    Slot previous;

    @Nullable
    Slot next;

    /** Whether it is on its ledger's books: neither settled nor dropped. Poll thread only. */
    boolean isCounted = true;

    Slot(PartitionLedger ledger, long offset, int bytes, Consumer<Slot> closed) {
        this.ledger = ledger;
        this.offset = offset;
        this.bytes = bytes;
        this.closed = closed;
    }

    /**
     * The record needs no more work here. Any thread; only the first call counts.
     *
     * @return whether this call was the first
     */
    public boolean close(Ending how) {
        if (!open.compareAndSet(true, false)) {
            return false;
        }
        ending = how;
        closed.accept(this);
        Slot before = earlier;
        if (before != null) {
            before.close(how);
        }
        return true;
    }

    /**
     * The work behind {@code other}, which was opened for the same record before its partition went and came back, is this
     * slot's from here on: it is closed with this one. Any thread, before this one is closed.
     */
    public void takeOver(Slot other) {
        earlier = other;
    }

    /** The record was read, and is the job of this {@code meta.id}. Any thread. */
    public void name(String id) {
        name = id;
    }

    /** The job's {@code meta.id}; empty where the record was not read yet, or is no job. */
    public String name() {
        return name;
    }

    /** Whether nobody has closed it. Any thread; may be true no longer as soon as it is said. */
    boolean isOpen() {
        return open.get();
    }

    /** How the record ended; only after it was closed. */
    public Ending ending() {
        if (ending == null) {
            throw new IllegalStateException("the slot of offset " + offset + " is open");
        }
        return ending;
    }

    public PartitionLedger ledger() {
        return ledger;
    }

    public long offset() {
        return offset;
    }

    /** The size of the record's value. */
    public int bytes() {
        return bytes;
    }
}
