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
    private final Listener listener;
    private boolean released;

    OpenJob(Origin origin, JobKind kind, Content content, Listener listener) {
        this.origin = origin;
        this.kind = kind;
        this.content = content;
        this.listener = listener;
    }

    /**
     * What the record holds.
     *
     * @param retry the retry event that asks for the attempt; empty where the job comes from its own topic
     * @param foundDue whether the scheduler found that it is due, by what was in force when it was put to wait
     */
    record Content(JobEvent event, Optional<RetryEvent> retry, boolean foundDue, Job job) {

        /** The same, as a part of a trace: what the record's {@code traceparent} header says. */
        Content in(String traceparent) {
            return new Content(event, retry, foundDue, job.withTraceparent(traceparent));
        }

        /** Whether no attempt was made before, also where the job had to wait and comes back. */
        boolean isFirstAttempt() {
            return retry.isEmpty() || retry.get().waited();
        }
    }

    /** Carries on where the lane has said its word; see {@link Task}. */
    interface Listener {
        boolean start(OpenJob job);

        void finished(OpenJob job, Verdict verdict);

        void turnedAway(OpenJob job, Duration wait, Blockage why);
    }

    @Override
    public Job job() {
        return content.job();
    }

    @Override
    public boolean start() {
        return listener.start(this);
    }

    @Override
    public void finished(Verdict verdict) {
        listener.finished(this, verdict);
    }

    @Override
    public void turnedAway(Duration wait, Blockage why) {
        listener.turnedAway(this, wait, why);
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

    /** The partition is ours again: the attempt ends the record that was polled anew, and what is said of the first one. */
    void returnTo(Origin polledAgain) {
        polledAgain.slot().takeOver(origin.slot());
        origin = polledAgain;
        released = false;
    }

    boolean isReleased() {
        return released;
    }
}
