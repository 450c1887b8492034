package org.mediawiki.jobqueue.changeprop.ledger;

/**
 * How a record left our hands. Every record that was polled ends in exactly one of these or is open still: the balance
 * law (SPEC guarantee 9).
 */
public enum Ending {
    /** The job ran. */
    DONE,
    /** The attempt failed and a retry event stands in the retry topic. */
    RETRIED,
    /** The job stands in the scheduled topic. */
    SCHEDULED,
    /** The job was given up and stands in the error topic. */
    DEAD,
    /** Nothing had to be done. */
    SKIPPED,
    /** The partition went to another instance, or this one stops: whoever owns it next polls the record again. */
    RELEASED;

    /** Whether the record needs no more work by anybody, so that its offset may be committed. */
    public boolean isFinal() {
        return this != RELEASED;
    }
}
