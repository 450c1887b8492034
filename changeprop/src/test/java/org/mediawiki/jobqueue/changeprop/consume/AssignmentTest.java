package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

class AssignmentTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final TopicPartition B = new TopicPartition("eqiad.mediawiki.job.b", 0);

    private final FakeBoard board = new FakeBoard();
    private final Assignment assignment = new Assignment(
            new Topics("eqiad", "cpjobqueue"),
            new Tally(),
            new RevokedSlots(new FleetNotes(board.join("here", "1"), board)),
            new FakeTime());

    /** Else the lane would seem full, or behind, for ever. */
    @Test
    void whatIsGivenUpCountsNoMore() {
        Slot unsettled = assignment.add(A, new OffsetAndMetadata(0)).open(0, 500);
        assignment.add(B, new OffsetAndMetadata(0)).open(0, 300);

        assignment.remove(A);
        unsettled.close(Ending.DONE);
        assignment.settleClosed();

        assertThat(assignment.totals().openSlots()).isEqualTo(1);
        assertThat(assignment.totals().openBytes()).isEqualTo(300);
        assertThat(assignment.totals().active()).isEqualTo(1);
        assertThat(changed()).containsExactly(B);
    }

    @Test
    void whatAnEarlierOwnerHasFinishedIsLookedForUntilItIsPassed() {
        PartitionLedger ledger = assignment.add(A, new OffsetAndMetadata(0, "f1:AQQ"));
        PartitionLedger unused = assignment.add(B, new OffsetAndMetadata(0));
        assertThat(takenOver()).containsExactly(A);

        ledger.moveTo(1);
        ledger.commitTaken();
        assertThat(takenOver()).containsExactly(A);

        ledger.moveTo(5);
        ledger.commitTaken();
        assertThat(takenOver()).isEmpty();
    }

    @Test
    void whatWasGivenUpIsNotLookedFor() {
        PartitionLedger unused = assignment.add(A, new OffsetAndMetadata(0, "f1:AQQ"));
        assignment.remove(A);
        assertThat(takenOver()).isEmpty();
    }

    private List<TopicPartition> changed() {
        List<TopicPartition> changed = new ArrayList<>();
        assignment.forEachChanged((partition, ledger) -> changed.add(partition));
        return changed;
    }

    private List<TopicPartition> takenOver() {
        List<TopicPartition> takenOver = new ArrayList<>();
        assignment.forEachTakenOver((partition, ledger) -> takenOver.add(partition));
        return takenOver;
    }
}
