package org.mediawiki.jobqueue.changeprop.ledger;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open slots of one assigned partition, from assignment to revocation.
 *
 * <p>It remembers what is open, not what is done: every offset below {@link #position()} that is not open is done (or a
 * gap, which transactions and compaction leave). So its memory is that of the open slots, however many records have
 * finished above a slow one.
 *
 * <pre>
 *   offset   ... 41   42   43   44   45   46 ...
 *                done open done done open │
 *                     ▲                   ▲
 *                  committed           position: the next record to be polled
 * </pre>
 *
 * Poll thread only.
 */
public final class PartitionLedger {

    private final Consumer<Slot> closed;
    private final Totals totals;
    private FinishedAbove finishedBefore;
    private @Nullable Slot lowest;
    private @Nullable Slot highest;
    private long position;
    private long committed;
    private String committedMetadata = "";
    private int openSlots;
    private long openBytes;
    private boolean changed;
    private boolean begun;

    /** The log was cut since a commit was taken last: one that is on its way is about records that are gone. */
    private boolean cutSince;

    /**
     * @param position where consumption begins: the committed offset
     * @param finishedBefore what the commit's metadata says was finished above it
     * @param closed is handed every slot that is closed, on the thread that closes it
     * @param totals of all ledgers of the lane, until this one {@linkplain #leave leaves}
     */
    public PartitionLedger(long position, FinishedAbove finishedBefore, Consumer<Slot> closed, Totals totals) {
        this.position = position;
        this.committed = position;
        this.finishedBefore = finishedBefore;
        this.closed = closed;
        this.totals = totals;
    }

    /** Whether the record was finished by an earlier owner of the partition and must not run again. */
    public boolean wasFinished(long offset) {
        return finishedBefore.contains(offset);
    }

    /**
     * A record was polled. Offsets must rise. A commit says the same before and after, but where there is a gap below; the first
     * is worth one all the same, so that monitoring has an offset from which to tell the lag.
     */
    public Slot open(long offset, int bytes) {
        advance(offset);
        if (!begun || offset > position) {
            change();
        }
        begun = true;
        Slot slot = new Slot(this, offset, bytes, closed);
        slot.previous = highest;
        if (highest == null) {
            lowest = slot;
        } else {
            highest.next = slot;
        }
        highest = slot;
        position = offset + 1;
        totals.opened(openSlots, bytes);
        openSlots++;
        openBytes += bytes;
        return slot;
    }

    /** A record was polled that was finished before. */
    public void pass(long offset) {
        advance(offset);
        moveTo(offset + 1);
    }

    /** The consumer stands at {@code offset}: what lies between is gaps, or was finished before. */
    public void moveTo(long offset) {
        if (offset > position) {
            position = offset;
            change();
        }
    }

    /**
     * Takes a closed slot off the books. One that was {@linkplain Ending#RELEASED released} is no longer counted, but
     * no commit passes it: whoever owns the partition next runs it.
     */
    public void settle(Slot slot) {
        takeOff(slot);
        if (slot.ending().isFinal()) {
            unlink(slot);
            change();
        }
    }

    /**
     * Whether it is on the books. One that was polled before the log was {@linkplain #cut cut} may be no more: it says
     * nothing of the record that stands at its offset now.
     */
    public boolean counts(Slot slot) {
        return slot.isCounted;
    }

    /**
     * The log ends at {@code offset}, below the position: other records will stand from there on than those that were polled,
     * and nothing that is known of those holds any more. What is open below stays open, and no commit passes it.
     *
     * @return how many slots counted until now and count no more
     */
    public int cut(long offset) {
        int before = openSlots;
        for (Slot slot = highest; slot != null && slot.offset() >= offset; slot = highest) {
            unlink(slot);
            if (slot.isCounted) {
                takeOff(slot);
            }
        }
        position = offset;
        // What was finished before and lies below is passed, like all below the position that is not open.
        finishedBefore = FinishedAbove.NOTHING;
        committed = Math.min(committed, offset);
        committedMetadata = "";
        cutSince = true;
        change();
        return before - openSlots;
    }

    /** Whether there is more to commit than the last commit that was {@linkplain #commitTaken taken} says. */
    public boolean hasChanged() {
        return changed;
    }

    /** Everything below is done. */
    public long committable() {
        return lowest == null ? position : lowest.offset();
    }

    /** What is finished at or above {@link #committable()}, those of an earlier owner that are not read yet included. */
    public FinishedAbove finishedAbove() {
        if (finishedBefore.isNothing() && openSlots == position - committable()) {
            // Everything above is open: so it is with most partitions, whenever there are many.
            return FinishedAbove.NOTHING;
        }
        FinishedAbove.Builder finished = FinishedAbove.builder(committable());
        for (Slot slot = lowest; slot != null; slot = slot.next) {
            finished.open(slot.offset());
        }
        return finished.build(position, finishedBefore);
    }

    /** A commit is on its way that says what is true now. */
    public void commitTaken() {
        changed = false;
        cutSince = false;
        totals.unchanged(this);
        finishedBefore = finishedBefore.from(position);
    }

    /** The commit of {@code offset} that was taken last has arrived, with {@link CommitMetadata}. */
    public void commitArrived(long offset, String metadata) {
        if (offset >= committed && !cutSince) {
            committed = offset;
            committedMetadata = metadata;
        }
    }

    /** Whether a commit is known to say that the record is finished: by its offset, or by its metadata. */
    public boolean isCommitted(long offset) {
        return offset < committed
                || CommitMetadata.decode(committed, committedMetadata).contains(offset);
    }

    /** The commit did not arrive. */
    public void commitFailed() {
        change();
    }

    /** The partition is somebody else's: what is open of it counts for the lane no more. The last call. */
    public void leave() {
        totals.forget(this);
    }

    /** Hands every slot that is open to {@code each}, by offset. */
    public void forEachOpen(Consumer<Slot> each) {
        for (Slot slot = lowest; slot != null; slot = slot.next) {
            if (slot.isOpen()) {
                each.accept(slot);
            }
        }
    }

    /** Whether an earlier owner has finished records that may lie ahead. */
    public boolean hasFinishedAhead() {
        return !finishedBefore.isNothing();
    }

    /** Where a finished run of an earlier owner that begins at the position ends, if it is as long as {@code atLeast}. */
    public OptionalLong seekTo(long atLeast) {
        long end = finishedBefore.runEnd(position);
        return end - position >= atLeast ? OptionalLong.of(end) : OptionalLong.empty();
    }

    /** The offset of the next record to be polled, as far as records have been polled. */
    public long position() {
        return position;
    }

    public int openSlots() {
        return openSlots;
    }

    /** The size of the open records' values, in bytes. */
    public long openBytes() {
        return openBytes;
    }

    private void change() {
        if (!changed) {
            changed = true;
            totals.changed(this);
        }
    }

    private void advance(long offset) {
        if (offset < position) {
            throw new IllegalArgumentException("offset " + offset + " is below the position " + position);
        }
    }

    private void takeOff(Slot slot) {
        slot.isCounted = false;
        openSlots--;
        openBytes -= slot.bytes();
        totals.settled(openSlots, slot.bytes());
    }

    private void unlink(Slot slot) {
        if (slot.previous == null) {
            lowest = slot.next;
        } else {
            slot.previous.next = slot.next;
        }
        if (slot.next == null) {
            highest = slot.previous;
        } else {
            slot.next.previous = slot.previous;
        }
    }
}
