package org.mediawiki.jobqueue.changeprop.dead;

/**
 * What an operator wants done about dead jobs.
 *
 * @param dryRun only count
 * @param by who asks
 * @param reason why, in their words; may be empty
 */
public record Order(Kind kind, boolean dryRun, String by, String reason) {

    /** What is to be done. */
    public enum Kind {
        REPLAY,
        DROP
    }

    /** Whether the bytes that died are sent again; for anything else they need not be held. */
    boolean needsBytes() {
        return kind == Kind.REPLAY && !dryRun;
    }

    DeadJobState outcome() {
        return kind == Kind.REPLAY ? DeadJobState.REPLAYED : DeadJobState.DROPPED;
    }
}
