package org.mediawiki.jobqueue.changeprop.ledger;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the ledgers of a lane amount to, kept as they change: a turn of the poll loop then costs what has happened since the
 * last one, not what a thousand partitions hold.
 *
 * <p>Poll thread only.
 */
public final class Totals {

    private final Set<PartitionLedger> changed = new HashSet<>();
    private int openSlots;
    private long openBytes;
    private int active;

    /** How many slots are open. */
    public int openSlots() {
        return openSlots;
    }

    /** The size of the open records' values, in bytes. */
    public long openBytes() {
        return openBytes;
    }

    /** How many ledgers have open slots. */
    public int active() {
        return active;
    }

    /** Whether one {@linkplain PartitionLedger#hasChanged has changed} that {@code wanted} accepts. */
    public boolean anyChanged(Predicate<PartitionLedger> wanted) {
        return changed.stream().anyMatch(wanted);
    }

    /** Those that {@linkplain PartitionLedger#hasChanged have changed}, as it is now. */
    public List<PartitionLedger> changed() {
        return List.copyOf(changed);
    }

    /** {@code ledger}, which has {@code slots} open already, opens one more. */
    void opened(int slots, int bytes) {
        active += slots == 0 ? 1 : 0;
        openSlots++;
        openBytes += bytes;
    }

    /** A ledger has taken a slot off its books, and has {@code slots} left. */
    void settled(int slots, int bytes) {
        active -= slots == 0 ? 1 : 0;
        openSlots--;
        openBytes -= bytes;
    }

    void changed(PartitionLedger ledger) {
        changed.add(ledger);
    }

    void unchanged(PartitionLedger ledger) {
        changed.remove(ledger);
    }

    /** It counts no more. */
    void forget(PartitionLedger ledger) {
        changed.remove(ledger);
        active -= ledger.openSlots() == 0 ? 0 : 1;
        openSlots -= ledger.openSlots();
        openBytes -= ledger.openBytes();
    }
}
