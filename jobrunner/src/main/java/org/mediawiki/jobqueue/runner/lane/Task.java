package org.mediawiki.jobqueue.runner.lane;

import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;

/**
 * A job that wants to run once, and whoever waits to hear what came of it.
 *
 * <p>Called on the lane's context. Neither method may throw.
 */
public interface Task {

    Job job();

    /** The attempt begins: a slot is taken and the request goes out. */
    void started();

    /**
     * The attempt is over and its slot is free again. A task that was held wants to run again: hand it to
     * {@link Lane#putBack} or keep it elsewhere.
     */
    void finished(Verdict verdict);
}
