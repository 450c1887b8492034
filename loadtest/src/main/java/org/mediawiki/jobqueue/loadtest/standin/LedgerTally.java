package org.mediawiki.jobqueue.loadtest.standin;

/**
 * How many requests of a type ended in the same way.
 *
 * @param type the job type; empty for bodies that name none
 * @param ending how they ended
 * @param count how many
 */
public record LedgerTally(String type, RecordedRequest.Ending ending, long count) {}
