package org.mediawiki.jobqueue.changeprop.dispatch;

import java.util.Locale;

/** Why nothing had to be done for a record. A closed set, used as a metric label. */
public enum SkipReason {
    /** The record has no value. */
    TOMBSTONE,
    /** Monitoring's event, not a job. */
    CANARY,
    /** Too old to be of use. */
    ABANDONED,
    /** A retry event that another service sent. */
    FOREIGN_RETRY;

    /** As it stands in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
