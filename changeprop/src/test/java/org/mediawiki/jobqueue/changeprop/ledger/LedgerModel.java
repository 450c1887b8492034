package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A partition's ledger and, beside it, plain sets that say the same. The log has gaps at fixed places; a crash starts
 * a new ledger from the last commit that arrived.
 */
final class LedgerModel {

    private static final long FIRST_OFFSET = 1_000;
    private static final int HORIZON = 40;

    private final Random random;
    private final int maxChars;
    private final Totals totals;
    private final Map<String, Integer> steps = new TreeMap<>();

    /** What is on the broker: the commit, and what its author knew to be finished above it. */
    private long committed = FIRST_OFFSET;

    private String metadata = "";
    private SortedSet<Long> committedFinished = new TreeSet<>();

    /** The present owner's state. */
    private PartitionLedger ledger;

    private final List<Slot> slots = new ArrayList<>();
    private final SortedSet<Long> open = new TreeSet<>();
    private SortedSet<Long> finishedBefore = new TreeSet<>();
    private long position = FIRST_OFFSET;

    LedgerModel(long seed, int maxChars, Totals totals) {
        this.random = new Random(seed);
        this.maxChars = maxChars;
        this.totals = totals;
        this.ledger = restarted();
    }

    PartitionLedger ledger() {
        return ledger;
    }

    Map<String, Integer> steps() {
        return steps;
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 43) {
            took("poll", this::poll);
        } else if (dice < 78) {
            took("close", () -> close(Ending.DONE));
        } else if (dice < 80) {
            took("release", () -> close(Ending.RELEASED));
        } else if (dice < 84) {
            took("seek", this::seek);
        } else if (dice < 94) {
            took("commit", this::commit);
        } else if (dice < 96) {
            took("failed commit", this::failedCommit);
        } else if (dice < 98) {
            took("crash", this::crash);
        } else {
            took("cut", this::cut);
        }
    }

    void check() {
        checkWithoutMetadata();
        FinishedAbove read = CommitMetadata.decode(
                ledger.committable(), CommitMetadata.encode(ledger.committable(), ledger.finishedAbove(), maxChars));
        assertThat(read).isEqualTo(ledger.finishedAbove());
    }

    void checkWithoutMetadata() {
        assertThat(ledger.position()).isEqualTo(position);
        assertThat(ledger.openSlots()).isEqualTo(slots.size());
        assertThat(ledger.openBytes())
                .isEqualTo(slots.stream().mapToLong(Slot::bytes).sum());
        assertThat(ledger.committable()).isEqualTo(open.isEmpty() ? position : open.first());
        assertThat(offsetsOf(ledger.finishedAbove())).isEqualTo(finishedAbove());
    }

    private void took(String kind, Runnable step) {
        steps.merge(kind, 1, Integer::sum);
        step.run();
    }

    private void poll() {
        long offset = position;
        while (isGap(offset)) {
            offset++;
        }
        assertThat(ledger.wasFinished(offset)).isEqualTo(finishedBefore.contains(offset));
        if (ledger.wasFinished(offset)) {
            ledger.pass(offset);
        } else {
            assertThat(offset).isGreaterThanOrEqualTo(committed);
            slots.add(ledger.open(offset, random.nextInt(1_000)));
            open.add(offset);
        }
        position = offset + 1;
        if (isGap(position) && random.nextBoolean()) {
            position++;
            ledger.moveTo(position);
        }
        ledger.moveTo(position - 1);
    }

    private void close(Ending how) {
        if (slots.isEmpty()) {
            return;
        }
        Slot slot = slots.remove(random.nextInt(slots.size()));
        slot.close(how);
        ledger.settle(slot);
        if (how.isFinal()) {
            open.remove(slot.offset());
        }
    }

    private void seek() {
        ledger.seekTo(2).ifPresent(end -> {
            for (long offset = position; offset < end; offset++) {
                assertThat(finishedBefore).contains(offset);
            }
            ledger.moveTo(end);
            position = end;
        });
    }

    private void commit() {
        if (!ledger.hasChanged()) {
            assertThat(ledger.committable()).as("says that it has not changed").isEqualTo(committed);
            assertThat(CommitMetadata.encode(committed, ledger.finishedAbove(), maxChars))
                    .as("says that it has not changed")
                    .isEqualTo(metadata);
            return;
        }
        SortedSet<Long> before = committedFinished;
        committed = ledger.committable();
        metadata = CommitMetadata.encode(committed, ledger.finishedAbove(), maxChars);
        assertThat(metadata).hasSizeLessThanOrEqualTo(maxChars);
        committedFinished = offsetsOf(CommitMetadata.decode(committed, metadata));
        assertThat(committedFinished).isSubsetOf(finishedAbove());
        if (maxChars == CommitMetadata.DEFAULT_MAX_CHARS) {
            assertThat(committedFinished).as("forgot what was done").containsAll(before.tailSet(committed));
        }
        ledger.commitTaken();
        assertThat(open.headSet(committed)).as("committed past an open offset").isEmpty();
    }

    /** The next commit must say at least as much. */
    private void failedCommit() {
        if (ledger.hasChanged()) {
            ledger.commitTaken();
            ledger.commitFailed();
            assertThat(ledger.hasChanged()).isTrue();
        }
    }

    private void crash() {
        ledger.leave();
        ledger = restarted();
    }

    /** The log loses its end, and others may stand there before long; that is committed at once. */
    private void cut() {
        long end = Math.max(FIRST_OFFSET, position - 1 - random.nextInt(20));
        if (end >= position) {
            return;
        }
        int before = slots.size();
        slots.removeIf(slot -> slot.offset() >= end);
        open.tailSet(end).clear();
        finishedBefore.clear();
        committedFinished.tailSet(end).clear();
        position = end;
        assertThat(ledger.cut(end)).isEqualTo(before - slots.size());
        commit();
    }

    private PartitionLedger restarted() {
        slots.clear();
        open.clear();
        position = committed;
        finishedBefore = new TreeSet<>(committedFinished);
        return new PartitionLedger(committed, CommitMetadata.decode(committed, metadata), slot -> {}, totals);
    }

    private SortedSet<Long> finishedAbove() {
        SortedSet<Long> finished = new TreeSet<>(finishedBefore.tailSet(position));
        for (long offset = open.isEmpty() ? position : open.first(); offset < position; offset++) {
            if (!open.contains(offset)) {
                finished.add(offset);
            }
        }
        return finished;
    }

    /** What {@code finished} says of every offset from the first to some way behind everything seen. */
    private SortedSet<Long> offsetsOf(FinishedAbove finished) {
        long highest = finishedBefore.isEmpty() ? position : Math.max(position, finishedBefore.last());
        SortedSet<Long> offsets = new TreeSet<>();
        for (long offset = FIRST_OFFSET - 1; offset < highest + HORIZON; offset++) {
            if (finished.contains(offset)) {
                offsets.add(offset);
            }
        }
        return offsets;
    }

    private static boolean isGap(long offset) {
        return offset % 11 == 5 || offset % 37 > 34;
    }
}
