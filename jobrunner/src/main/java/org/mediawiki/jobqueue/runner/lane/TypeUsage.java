package org.mediawiki.jobqueue.runner.lane;

/**
 * The slots that a job type uses and the tasks that wait for one.
 *
 * @param running attempts under way
 * @param occupied slots that jobs take which run elsewhere
 * @param waiting tasks that have not started
 * @param pool the limit it shares, or has alone
 * @param held nothing of the type starts: the runner asked for patience
 */
public record TypeUsage(int running, int occupied, int waiting, PoolSettings pool, boolean held) {}
