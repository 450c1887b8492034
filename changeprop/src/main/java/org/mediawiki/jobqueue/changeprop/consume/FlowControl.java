package org.mediawiki.jobqueue.changeprop.consume;

/**
 * Whether a partition may be polled: enough is open to keep its limit busy, and never more than memory allows
 * (SPEC guarantee 8). Pure.
 *
 * @param maxOpenSlots the most open records of one partition, give or take what one poll returns; {@link Depths} multiplies it for
 *     those whose jobs end fast
 * @param maxOpenBytes the most bytes of open records of the whole lane, each counted with its overhead, give or take
 *     what the consumer holds of one partition; a third of it is kept for partitions that hold less than their share
 */
public record FlowControl(int maxOpenSlots, long maxOpenBytes) {

    /**
     * What an open record costs beside its value: slot, decoded fields, queue entries. Measured in a heap of 40,000
     * waiting jobs (docs/performance.md), rounded up.
     */
    public static final int OVERHEAD_BYTES = 1_500;

    private static final int BLOCKED_PART = 2;

    /**
     * What is open of one partition, or of all.
     *
     * @param slots open records
     * @param bytes the size of their values
     */
    public record Load(int slots, long bytes) {

        long cost() {
            return bytes + (long) slots * OVERHEAD_BYTES;
        }
    }

    /**
     * Whether to poll the partition. One that is paused resumes only when half of what it may hold is free, so that it
     * does not flutter; and one that has nothing open is polled as long as its lane has any room left, so that those
     * that fill the lane do not lock it out.
     *
     * @param partition what is open of it
     * @param depth how many times {@link #maxOpenSlots} may be, from 1 on
     * @param lane what is open of all partitions of the lane
     * @param partitions how many partitions have something open
     * @param paused whether it is paused now
     */
    public boolean mayPoll(Load partition, int depth, Load lane, int partitions, boolean paused) {
        if (lane.cost() >= maxOpenBytes) {
            return false;
        }
        if (partition.slots() == 0) {
            return true;
        }
        long most = (long) depth * maxOpenSlots;
        long slots = paused ? most / 2 : most;
        long bytes = paused ? resumeBytes() : fullBytes();
        boolean laneFull = lane.cost() >= bytes;
        boolean overItsShare = partition.cost() >= bytes / Math.max(1, partitions);
        return partition.slots() < slots && !(laneFull && overItsShare);
    }

    /**
     * How many bytes may come before partitions must be looked at again: none when the lane is full, since then each
     * record may be one too many for its partition's share.
     */
    public long room(Load lane) {
        return Math.max(0, fullBytes() - lane.cost());
    }

    /**
     * How many bytes the blocked records of one partition may take, so that it resumes when it was paused: where all that it may
     * hold then were blocked, nobody would read what could start behind them. Half of that at most; {@link Long#MAX_VALUE} where
     * the lane holds so little that every partition resumes.
     *
     * @param lane what is open of all partitions of the lane
     * @param partitions how many partitions have something open
     * @param before what this said last; it says the same as long as that is no less than a quarter of what it might be
     */
    public long mostBlocked(Load lane, int partitions, long before) {
        boolean wasBounded = before != Long.MAX_VALUE;
        long unbounded = wasBounded ? resumeBytes() - resumeBytes() / 4 : resumeBytes();
        if (lane.cost() < unbounded) {
            return Long.MAX_VALUE;
        }
        long most = Math.max(1, resumeBytes() / Math.max(1, partitions) / BLOCKED_PART);
        return before <= most && before >= most / 4 ? before : Math.max(1, most / 2);
    }

    /** With less a paused partition resumes, whatever it holds; with more, when it holds less than its share of this. */
    private long resumeBytes() {
        return fullBytes() / 2;
    }

    /** With so much the lane is full: what is left is the reserve. */
    private long fullBytes() {
        return maxOpenBytes - maxOpenBytes / 3;
    }
}
