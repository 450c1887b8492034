package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;

/**
 * A job that wants to run once, and whoever waits to hear what came of it.
 *
 * <p>Called on the lane's context. No method may throw.
 */
public interface Task {

    Job job();

    /**
     * A slot is free for it.
     *
     * @return the request may go out; false: the task no longer wants to run and has ended itself, it is no longer in
     *     the lane, and the slot goes to the next one at once
     */
    boolean start();

    /**
     * The attempt is over and its slot has been free since. Where an outage may be why it failed, that is told some
     * seconds later than it was known. A task that was held wants to run again: hand it to
     * {@link Lane#putBack} before this method returns, or keep it elsewhere.
     */
    void finished(Verdict verdict);

    /**
     * It cannot start soon, and enough like it wait already: it is no longer in the lane. Keep it elsewhere, so that
     * it takes no room from those who could start, and submit it again later; not from within.
     *
     * @param wait about how long until its turn comes; half a second or more
     */
    void turnedAway(Duration wait, Blockage why);
}
