package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import org.apache.kafka.common.errors.InterruptException;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a loop that has left its group still waits for: jobs that run, whoever has their partitions now. Poll thread only.
 */
final class Drain {

    /** What a stop keeps of its time for closing clients, so that it ends within the drain timeout. */
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Assignment assignment;
    private final RevokedSlots revokedSlots;
    private final JobHandOver handler;
    private final Duration timeout;
    private final Time time;

    Drain(Assignment assignment, RevokedSlots revokedSlots, JobHandOver handler, Duration timeout, Time time) {
        this.assignment = assignment;
        this.revokedSlots = revokedSlots;
        this.handler = handler;
        this.timeout = timeout;
        this.time = time;
    }

    /**
     * Returns when all have ended, or the drain timeout is over but for a second; those that are left then run again.
     *
     * @param stoppedNanos from when the timeout counts
     * @param eachRound called after each wait, of a second at the most
     * @throws InterruptException where the thread is interrupted
     */
    void awaitRunning(long stoppedNanos, Runnable eachRound) {
        long deadline = stoppedNanos + Math.max(0, timeout.minus(TIME_TO_CLOSE).toNanos());
        try {
            for (long left = deadline - time.nanos();
                    left > 0 && !revokedSlots.isEmpty();
                    left = deadline - time.nanos()) {
                assignment.awaitAndSettleClosed(Duration.ofNanos(Math.min(left, LONGEST_WAIT.toNanos())));
                eachRound.run();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        if (!revokedSlots.isEmpty()) {
            LOG.warn("Going on with {} jobs still running after {}; they will run again", revokedSlots.size(), timeout);
            handler.leaveRunning(revokedSlots.partitions());
        }
    }
}
