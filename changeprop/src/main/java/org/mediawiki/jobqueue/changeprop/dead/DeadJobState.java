package org.mediawiki.jobqueue.changeprop.dead;

/** What operators did about a dead job. */
public enum DeadJobState {
    /** Nothing. */
    DEAD,
    /** One of them is about to replay or drop it; where it stays like this, a process died over it. */
    CLAIMED,
    /** It was sent to run again. If it failed again, there is another dead job. */
    REPLAYED,
    /** It is not to run again. */
    DROPPED
}
