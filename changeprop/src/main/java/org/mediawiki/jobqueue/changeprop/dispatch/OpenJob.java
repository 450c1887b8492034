package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.lane.Blockage;
import org.mediawiki.jobqueue.runner.lane.Task;

/** A job whose slot is open, from its record to its end. Used on the lane's context. */
final class OpenJob implements Task {

    private Origin origin;
    private final JobKind kind;
    private final Content content;
    private final AttemptListener listener;
    private boolean released;

    OpenJob(Origin origin, JobKind kind, Content content, AttemptListener listener) {
        this.origin = origin;
        this.kind = kind;
        this.content = content;
        this.listener = listener;
    }

    /**
     * What the record holds.
     *
     * @param retry the retry event that asks for the attempt; empty for the first
     */
    record Content(JobEvent event, Optional<RetryEvent> retry, Job job) {}

    /** Is told of the attempt. */
    interface AttemptListener {
        void started(OpenJob job);

        void finished(OpenJob job, Verdict verdict);

        /** The lane does not keep the job; it should come back after about {@code wait}. */
        void turnedAway(OpenJob job, Duration wait);
    }

    @Override
    public Job job() {
        return content.job();
    }

    @Override
    public boolean start() {
        listener.started(this);
        return true;
    }

    @Override
    public void finished(Verdict verdict) {
        listener.finished(this, verdict);
    }

    @Override
    public void turnedAway(Duration wait, Blockage why) {
        listener.turnedAway(this, wait);
    }

    Origin origin() {
        return origin;
    }

    JobKind kind() {
        return kind;
    }

    Content content() {
        return content;
    }

    /** The partition is no longer ours: what does not end with the present attempt is left to its next owner. */
    void release() {
        released = true;
    }

    /** The partition is ours again: the attempt ends the record that was polled anew. */
    void returnTo(Origin polledAgain) {
        origin = polledAgain;
        released = false;
    }

    boolean isReleased() {
        return released;
    }
}
