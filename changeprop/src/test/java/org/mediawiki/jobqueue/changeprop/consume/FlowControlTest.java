package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl.Load;

class FlowControlTest {

    private static final Load NOTHING = new Load(0, 0);
    private static final long MEGABYTE = 1 << 20;

    private final FlowControl flowControl = new FlowControl(100, 150 * MEGABYTE);

    @Test
    void aPartitionWithNothingOpenIsPolledInAFullLaneToo() {
        Load full = new Load(30, 149 * MEGABYTE);
        assertThat(flowControl.mayPoll(NOTHING, 1, full, 1, false)).isTrue();
        assertThat(flowControl.mayPoll(NOTHING, 1, full, 1, true)).isTrue();
    }

    @Test
    void nothingIsPolledWhereTheReserveIsUsedUp() {
        Load brimful = new Load(30, 150 * MEGABYTE);
        assertThat(flowControl.mayPoll(NOTHING, 1, brimful, 50, false)).isFalse();
        assertThat(flowControl.mayPoll(new Load(1, 1), 1, brimful, 50, false)).isFalse();
    }

    @Test
    void roomIsLeftUntilTheLaneIsFull() {
        assertThat(flowControl.room(NOTHING)).isEqualTo(100 * MEGABYTE);
        assertThat(flowControl.room(new Load(2, MEGABYTE))).isEqualTo(99 * MEGABYTE - 2 * FlowControl.OVERHEAD_BYTES);
        assertThat(flowControl.room(new Load(1, 120 * MEGABYTE))).isZero();
    }

    @Test
    void aPartitionIsPolledUntilEnoughIsOpen() {
        assertThat(mayPoll(new Load(99, 0), false)).isTrue();
        assertThat(mayPoll(new Load(100, 0), false)).isFalse();
    }

    @Test
    void aPausedPartitionResumesOnlyWhenHalfOfItIsDone() {
        assertThat(mayPoll(new Load(50, 0), true)).isFalse();
        assertThat(mayPoll(new Load(49, 0), true)).isTrue();
    }

    @Test
    void aDeeperPartitionMayHoldAMultipleAndResumesAtHalfOfThat() {
        assertThat(flowControl.mayPoll(new Load(399, 0), 4, NOTHING, 1, false)).isTrue();
        assertThat(flowControl.mayPoll(new Load(400, 0), 4, NOTHING, 1, false)).isFalse();
        assertThat(flowControl.mayPoll(new Load(200, 0), 4, NOTHING, 1, true)).isFalse();
        assertThat(flowControl.mayPoll(new Load(199, 0), 4, NOTHING, 1, true)).isTrue();
        assertThat(flowControl.mayPoll(new Load(101, 100 * MEGABYTE), 4, new Load(101, 100 * MEGABYTE), 1, false))
                .as("bytes are bounded all the same")
                .isFalse();
    }

    @Test
    void largeRecordsStopAPartitionBeforeTheirNumberDoes() {
        assertThat(mayPoll(new Load(3, 99 * MEGABYTE), false)).isTrue();
        assertThat(mayPoll(new Load(3, 100 * MEGABYTE), false)).isFalse();
        assertThat(mayPoll(new Load(3, 60 * MEGABYTE), true)).isFalse();
    }

    @Test
    void whatARecordCostsBesideItsValueCounts() {
        FlowControl manySmall = new FlowControl(Integer.MAX_VALUE, 1_500L * FlowControl.OVERHEAD_BYTES);
        assertThat(manySmall.mayPoll(new Load(999, 0), 1, new Load(999, 0), 1, false))
                .isTrue();
        assertThat(manySmall.mayPoll(new Load(1_000, 0), 1, new Load(1_000, 0), 1, false))
                .isFalse();
    }

    @Test
    void inAFullLaneOnlyThoseWaitThatHoldMoreThanTheirPart() {
        Load lane = new Load(60, 120 * MEGABYTE);
        Load greedy = new Load(30, 100 * MEGABYTE);
        Load modest = new Load(30, 20 * MEGABYTE);
        assertThat(flowControl.mayPoll(greedy, 1, lane, 2, false)).isFalse();
        assertThat(flowControl.mayPoll(modest, 1, lane, 2, false)).isTrue();
    }

    @Test
    void inAFullLaneBlockedRecordsLeaveMostOfAPartToThoseThatCanStart() {
        Load full = new Load(60, 100 * MEGABYTE);
        long most = flowControl.mostBlocked(full, 100, Long.MAX_VALUE);
        assertThat(flowControl.mayPoll(new Load(1, 3 * most), 1, full, 100, true))
                .as("though it is paused")
                .isTrue();
        assertThat(flowControl.mostBlocked(full, 100, MEGABYTE / 4))
                .as("a quarter of its part")
                .isEqualTo(MEGABYTE / 4);
        assertThat(flowControl.mostBlocked(full, 100, MEGABYTE / 4 + 1)).isEqualTo(most);
    }

    @Test
    void blockedRecordsMayTakeWhatTheyLikeWhereTheLaneHoldsLittle() {
        Load half = new Load(0, 50 * MEGABYTE);
        Load lessThanHalf = new Load(0, 50 * MEGABYTE - 1);
        assertThat(flowControl.mostBlocked(lessThanHalf, 10, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        long most = flowControl.mostBlocked(half, 10, Long.MAX_VALUE);
        assertThat(most).isLessThan(Long.MAX_VALUE);
        assertThat(flowControl.mostBlocked(lessThanHalf, 10, most)).isEqualTo(most);
        assertThat(flowControl.mostBlocked(new Load(0, 37 * MEGABYTE), 10, most))
                .isEqualTo(Long.MAX_VALUE);
    }

    /** Whatever keeps it paused besides, what is blocked does not: else nobody reads what could start behind it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40, 300, 1_000})
    void aPausedPartitionThatHoldsNothingButBlockedRecordsResumes(int partitions) {
        long before = Long.MAX_VALUE;
        for (long bytes = 0; bytes < 150 * MEGABYTE; bytes += MEGABYTE / 2) {
            Load lane = new Load(0, bytes);
            before = flowControl.mostBlocked(lane, partitions, before);
            long blocked = Math.min(before, bytes);
            assertThat(flowControl.mayPoll(new Load(1, blocked), 1, lane, partitions, true))
                    .as("%s bytes open, of which %s of this one, all of them blocked", bytes, blocked)
                    .isTrue();
        }
    }

    @Test
    void whatMayBeBlockedDoesNotChangeWithEachPartition() {
        Load full = new Load(0, 100 * MEGABYTE);
        long most = flowControl.mostBlocked(full, 100, Long.MAX_VALUE);
        assertThat(flowControl.mostBlocked(full, 70, most)).isEqualTo(most);
        assertThat(flowControl.mostBlocked(full, 190, most)).isEqualTo(most);
        assertThat(flowControl.mostBlocked(full, 210, most)).isLessThan(most);
        assertThat(flowControl.mostBlocked(full, 40, most)).isGreaterThan(most);
    }

    private boolean mayPoll(Load partition, boolean paused) {
        return flowControl.mayPoll(partition, 1, partition, 1, paused);
    }
}
