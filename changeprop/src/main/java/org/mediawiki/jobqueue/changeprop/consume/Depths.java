package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl.Load;
import org.mediawiki.jobqueue.runner.Time;

/**
 * {@link FlowControl} for each partition of a lane, with a multiple of its bound where jobs end so fast that it would be too little.
 * While a partition is paused, the client asks the broker for others alone. That answers after {@code fetch.max.wait.ms} where they
 * have nothing, and until then nothing more is asked of it. So what is open when a partition resumes must last for as long, or its
 * slots stand empty (SPEC guarantee 4) whenever its neighbours are quiet. Poll thread only.
 */
final class Depths {

    /** Kafka's default of {@code fetch.max.wait.ms}, and a little for the records to come. */
    static final Duration LONGEST_FETCH = Duration.ofMillis(600);

    /** With half as many open it would last for twice as long as it must. */
    private static final Duration PLENTY = LONGEST_FETCH.multipliedBy(4);

    private static final int MOST = 32;

    private final Predicate<TopicPartition> isOwned;
    private final Time time;

    /** Of those that were full. */
    private final Map<TopicPartition, Depth> depths = new HashMap<>();

    private FlowControl flowControl;

    /**
     * How deep one is.
     *
     * @param factor by which more may be open of it, from 1 on
     * @param fullNanos when it was full
     */
    private record Depth(int factor, long fullNanos) {

        private static final Depth FIRST = new Depth(1, 0);

        Depth full(long nanos) {
            return new Depth(factor, nanos);
        }

        /** Half of what was open has ended: what is left lasts about as long. */
        Depth resumed(long nanos) {
            long lasts = nanos - fullNanos;
            if (lasts < LONGEST_FETCH.toNanos()) {
                return new Depth(Math.min(MOST, factor * 2), fullNanos);
            }
            return lasts > PLENTY.toNanos() ? new Depth(Math.max(1, factor / 2), fullNanos) : this;
        }
    }

    Depths(FlowControl flowControl, Predicate<TopicPartition> isOwned, Time time) {
        this.flowControl = flowControl;
        this.isOwned = isOwned;
        this.time = time;
    }

    /** Other bounds from now on. */
    void change(FlowControl next) {
        flowControl = next;
    }

    /** Bounds of the lane as a whole. */
    FlowControl flowControl() {
        return flowControl;
    }

    /** As {@link FlowControl#mayPoll}; what it says is done at once. */
    boolean mayPoll(TopicPartition partition, Load load, Load lane, int partitions, boolean paused) {
        Depth depth = depths.getOrDefault(partition, Depth.FIRST);
        boolean mayPoll = flowControl.mayPoll(load, depth.factor(), lane, partitions, paused);
        if (mayPoll && paused) {
            depths.computeIfPresent(partition, (key, known) -> known.resumed(time.nanos()));
        } else if (!mayPoll && !paused) {
            depths.keySet().removeIf(isOwned.negate());
            depths.put(partition, depth.full(time.nanos()));
        }
        return mayPoll;
    }
}
