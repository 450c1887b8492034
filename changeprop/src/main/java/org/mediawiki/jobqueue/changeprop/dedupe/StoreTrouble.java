package org.mediawiki.jobqueue.changeprop.dedupe;

/** Why Redis could not be used; a closed set, for a label of the metrics. */
public enum StoreTrouble {
    /** There is no connection. */
    UNAVAILABLE,
    /** It does not answer in time, has not done so just before, or too much is unanswered already. */
    SLOW,
    /** It answers with an error, or has done so just before. */
    REFUSED
}
