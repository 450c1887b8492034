package org.mediawiki.jobqueue.changeprop.consume;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who start jobs when the {@link Lease} is held that was not, and people both. Poll thread only. */
final class LeaseWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

    private final Lease lease;
    private final Assignment assignment;
    private final Runnable goOn;

    /** Whether it was held for what is owned. What comes to who owned nothing waits for a first commit, which is no news. */
    private boolean wasHeld;

    private boolean wasLost;

    /** {@code goOn} is {@link JobHandOver#goOn}. */
    LeaseWatch(Lease lease, Assignment assignment, Runnable goOn) {
        this.lease = lease;
        this.assignment = assignment;
        this.goOn = goOn;
    }

    /** The brokers are out of reach, or this process stood still; or they answer again. */
    void look() {
        boolean isHeld = !lease.hasExpired();
        wasHeld = assignment.size() > 0 && (isHeld || wasHeld);
        boolean isLost = wasHeld && !isHeld;
        if (isLost && !wasLost) {
            LOG.warn("No job starts until the group accepts a commit: it may have given everything to others");
        } else if (wasLost && !isLost) {
            LOG.info("The group has accepted a commit, and jobs start again");
        }
        wasLost = isLost;
        if (lease.takeRegained()) {
            goOn.run();
        }
    }
}
