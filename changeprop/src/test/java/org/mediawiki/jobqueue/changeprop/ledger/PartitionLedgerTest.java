package org.mediawiki.jobqueue.changeprop.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {

    private final PartitionLedger ledger = new PartitionLedger(40, FinishedAbove.NOTHING, slot -> {}, new Totals());

    @Test
    void commitsOnlyUpToTheLowestOpenSlot() {
        Slot lowest = ledger.open(40, 1);
        Slot middle = ledger.open(41, 1);
        Slot highest = ledger.open(42, 1);

        finish(highest);
        assertThat(ledger.committable()).isEqualTo(40);
        assertThat(ledger.finishedAbove()).hasToString("finished [42, 43)");

        finish(lowest);
        assertThat(ledger.committable()).isEqualTo(41);

        finish(middle);
        assertThat(ledger.committable()).isEqualTo(43);
        assertThat(ledger.finishedAbove()).isEqualTo(FinishedAbove.NOTHING);
    }

    @Test
    void commitsPastGaps() {
        finish(ledger.open(45, 1));
        ledger.moveTo(50);
        assertThat(ledger.committable()).isEqualTo(50);
    }

    /** Each entry of a commit is a record that brokers write and replicate. */
    @Test
    void hasNothingToCommitForWhatWasOnlyPolled() {
        Slot first = ledger.open(40, 1);
        assertThat(ledger.hasChanged())
                .as("the first record, from which lag is told")
                .isTrue();
        ledger.commitTaken();

        ledger.moveTo(ledger.open(41, 1).offset() + 1);
        assertThat(ledger.hasChanged()).isFalse();

        finish(first);
        assertThat(ledger.hasChanged()).isTrue();
        ledger.commitTaken();

        assertThat(ledger.open(43, 1).offset()).isEqualTo(43);
        assertThat(ledger.hasChanged()).as("42 is a gap, and so finished").isTrue();
    }

    @Test
    void neverCommitsPastAReleasedSlotButCountsItNoMore() {
        Slot released = ledger.open(40, 7);
        finish(ledger.open(41, 7));

        released.close(Ending.RELEASED);
        ledger.settle(released);

        assertThat(ledger.committable()).isEqualTo(40);
        assertThat(ledger.openSlots()).isZero();
        assertThat(ledger.openBytes()).isZero();
    }

    @Test
    void aCutLogKeepsWhatIsOpenBelow() {
        Slot below = ledger.open(40, 1);
        finish(ledger.open(41, 1));
        Slot released = ledger.open(42, 1);
        released.close(Ending.RELEASED);
        ledger.settle(released);
        Slot above = ledger.open(43, 1);

        assertThat(ledger.cut(42)).as("the released one was counted no more").isEqualTo(1);

        assertThat(ledger.counts(below)).isTrue();
        assertThat(ledger.counts(above)).isFalse();
        assertThat(ledger.openSlots()).isEqualTo(1);
        assertThat(ledger.openBytes()).isEqualTo(1);
        assertThat(ledger.position()).isEqualTo(42);
        assertThat(ledger.committable()).isEqualTo(40);
        assertThat(ledger.finishedAbove()).hasToString("finished [41, 42)");
        finish(below);
        assertThat(ledger.committable()).isEqualTo(42);
    }

    @Test
    void whatAnEarlierOwnerHasFinishedOfACutLogIsGone() {
        PartitionLedger takenOver =
                new PartitionLedger(40, FinishedAbove.ofBounds(new long[] {41, 43, 44, 46}), slot -> {}, new Totals());
        Slot unused = takenOver.open(40, 1);
        takenOver.pass(41);
        takenOver.pass(42);

        assertThat(takenOver.cut(42)).isZero();

        assertThat(takenOver.hasFinishedAhead()).isFalse();
        assertThat(takenOver.wasFinished(44)).isFalse();
        assertThat(takenOver.finishedAbove()).hasToString("finished [41, 42)");
    }

    @Test
    void aCommitThatWasTakenBeforeTheLogWasCutSaysNothingOfWhatStandsThereNow() {
        ledger.moveTo(45);
        ledger.commitTaken();

        assertThat(ledger.cut(42)).isZero();
        assertThat(ledger.hasChanged()).isTrue();
        ledger.commitArrived(45, "");
        assertThat(ledger.isCommitted(43)).isFalse();

        ledger.moveTo(44);
        ledger.commitTaken();
        ledger.commitArrived(44, "");
        assertThat(ledger.isCommitted(43)).isTrue();
    }

    @Test
    void refusesOffsetsThatDoNotRise() {
        ledger.open(41, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.open(41, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.pass(40));
    }

    @Test
    void remembersNothingOfFinishedRecords() {
        Slot slow = ledger.open(40, 1);
        List<WeakReference<Slot>> finished = new ArrayList<>();
        for (long offset = 41; offset < 10_041; offset++) {
            Slot slot = ledger.open(offset, 1);
            finish(slot);
            finished.add(new WeakReference<>(slot));
        }

        await().untilAsserted(() -> {
            System.gc();
            assertThat(finished).allMatch(slot -> slot.refersTo(null));
        });
        assertThat(ledger.finishedAbove()).hasToString("finished [41, 10041)");
        assertThat(slow.offset()).isEqualTo(ledger.committable());
    }

    private void finish(Slot slot) {
        slot.close(Ending.DONE);
        ledger.settle(slot);
    }
}
