package org.mediawiki.jobqueue.changeprop.dispatch;

/** Why nothing had to be done for a record. A closed set; the names are a metric's label. */
enum SkipReason {
    /** The record has no value. */
    TOMBSTONE,
    /** Monitoring's event, not a job. */
    CANARY,
    /** Too old to be of use. */
    ABANDONED,
    /** The same job, or one that makes it needless, has run. */
    DUPLICATE,
    /** A retry event that another service sent. */
    FOREIGN_RETRY
}
