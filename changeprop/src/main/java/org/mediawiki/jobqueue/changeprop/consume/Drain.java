package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the jobs that run to end, up to {@code drain_timeout}, and says which it waits for no longer. Poll thread
 * only.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Assignment assignment;
    private final RecordHandler handler;
    private final Time time;
    private final Duration timeout;
    private OptionalLong endNanos = OptionalLong.empty();

    Drain(Assignment assignment, RecordHandler handler, Time time, Duration timeout) {
        this.assignment = assignment;
        this.handler = handler;
        this.time = time;
        this.timeout = timeout;
    }

    /** Lets some time pass, {@code patience} at most, and takes closed slots off the books. */
    interface Step {
        void pass(Duration patience) throws InterruptedException;
    }

    /** Whatever is waited for from here on ends within {@code rest}: the process stops. */
    void endWithin(Duration rest) {
        endNanos = OptionalLong.of(time.nanos() + rest.toNanos());
    }

    /** Repeats {@code step} until no slot of {@code partitions} is open, or the time is over. */
    void await(Collection<TopicPartition> partitions, Step step) {
        long deadline = earliest(time.nanos() + timeout.toNanos());
        try {
            for (long left = deadline - time.nanos();
                    left > 0 && assignment.openSlots(partitions) > 0;
                    left = deadline - time.nanos()) {
                step.pass(Duration.ofNanos(left));
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        int open = assignment.openSlots(partitions);
        if (open > 0) {
            LOG.warn("Going on with {} jobs still running after {}; they will run again", open, timeout);
            handler.leaveRunning(partitions);
        }
    }

    private long earliest(long deadline) {
        return endNanos.isPresent() && endNanos.getAsLong() - deadline < 0 ? endNanos.getAsLong() : deadline;
    }
}
