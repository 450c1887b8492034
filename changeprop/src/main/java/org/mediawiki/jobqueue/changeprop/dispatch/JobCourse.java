package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.InheritedJobsListener.Expected;
import org.mediawiki.jobqueue.changeprop.dedupe.Deduplication;
import org.mediawiki.jobqueue.changeprop.dispatch.JobPipeline.Stage;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.lane.Blockage;
import org.mediawiki.jobqueue.runner.lane.Lane;

/** What becomes of a job: in by the {@link Admission}, one attempt, out by the {@link JobEndings}. On the lane's context. */
final class JobCourse implements OpenJob.Listener {

    private final Lane lane;
    private final Deduplication deduplication;
    private final Time time;
    private final JobEndings endings;
    private final Boundary boundary;
    private final Admission admission;
    private final Attempts attempts;
    private final RemoteAttempts remoteAttempts;

    JobCourse(JobPipeline.Parts parts, Lane lane, Time time, JobEndings endings, Boundary boundary) {
        this.lane = lane;
        this.deduplication = parts.deduplication();
        this.time = time;
        this.endings = endings;
        this.boundary = boundary;
        this.attempts = new Attempts(time, parts.traces());
        this.remoteAttempts = new RemoteAttempts(lane);
        Triage triage = new Triage(parts.topics().emitterPrefix());
        this.admission = new Admission(lane, triage, deduplication, endings, boundary, time);
    }

    /** A record was read. */
    void begin(Origin origin, JobKind kind, OpenJob.Content content) {
        origin.slot().name(content.event().id());
        if (attempts.adopt(origin, content)) {
            remoteAttempts.adopted(origin.place());
            return;
        }
        OpenJob job = new OpenJob(origin, kind, content, this);
        if (!remoteAttempts.keeps(
                origin.place(),
                content.event().id(),
                guest(origin, () -> boundary.guard(job, () -> admission.enter(job))))) {
            admission.enter(job);
        }
    }

    /** A record was read that is no job: {@code end} ends it, unless somebody else is about to. */
    void endInvalid(Origin origin, Runnable end) {
        if (!remoteAttempts.keeps(origin.place(), "", guest(origin, end))) {
            end.run();
        }
    }

    /** These have begun elsewhere. */
    void expect(List<Expected> jobs) {
        jobs.forEach(remoteAttempts::expect);
    }

    /** A job that was expected has ended. */
    void endedElsewhere(Place place, Ending how) {
        remoteAttempts.ended(place, how);
    }

    /** Jobs of the partitions that {@code wanted} accepts that have begun and not ended, by the places of their records. */
    Map<Place, JobAtWork> atWork(Predicate<OpenJob> wanted) {
        Map<Place, JobAtWork> atWork = new HashMap<>();
        endings.beingWritten().stream()
                .filter(wanted)
                .forEach(job -> atWork.put(job.origin().place(), atWork(job, Optional.empty())));
        attempts.running(wanted)
                .forEach(attempt -> atWork.put(
                        attempt.job().origin().place(), atWork(attempt.job(), Optional.of(attempt.startedAt()))));
        return atWork;
    }

    @Override
    public boolean start(OpenJob job) {
        boolean wanted = admission.isStillWanted(job);
        if (wanted) {
            attempts.started(job, lane.timeoutOf(job.job()));
        }
        return wanted;
    }

    @Override
    public void finished(OpenJob job, Verdict verdict) {
        Instant startedAt = attempts.finished(job, verdict);
        boundary.guard(
                job,
                () -> verdict.accept(
                        done -> done(job, startedAt),
                        retry -> endings.failed(job, retry.failure()),
                        dead -> endings.dead(job, dead.failure()),
                        hold -> held(job)));
    }

    @Override
    public void turnedAway(OpenJob job, Duration wait, Blockage why) {
        boundary.guard(job, () -> admission.turnedAway(job, time.instant().plus(wait), why));
    }

    /** What has not started of these partitions is left to their next owner, now or when it is held. */
    void release(Predicate<TopicPartition> partitions) {
        Predicate<OpenJob> wanted = job -> partitions.test(job.origin().partition());
        admission.release(wanted);
        attempts.release(wanted);
        // Last: the slots that it gives back start whatever waits still.
        remoteAttempts.release(partitions);
    }

    /** Those that run and are {@code wanted} are waited for no longer. */
    void leaveRunning(Predicate<OpenJob> wanted) {
        StillRunningLog.of(attempts.running(wanted));
    }

    /** How many jobs wait in memory for their time. */
    int waiting() {
        return admission.waiting();
    }

    /** As {@link JobPipeline#overdue}. */
    Optional<Duration> overdue(Duration grace) {
        return attempts.overdue(grace);
    }

    /** The oldest of each job type that waits for a slot or runs; types without any are absent. */
    Map<String, Ages> oldest() {
        OldestByType oldest = new OldestByType(time.instant());
        attempts.forEach(oldest::runs);
        lane.firstInLine(task -> oldest.waits((OpenJob) task));
        return oldest.found();
    }

    /** As {@link JobPipeline#inMemory}. */
    <T> List<T> inMemory(Predicate<JobEvent> wanted, JobPipeline.JobView<T> view) {
        List<T> found = new ArrayList<>();
        attempts.running(job -> wanted.test(job.content().event()))
                .forEach(running -> found.add(view.of(
                        Stage.RUNNING,
                        running.job().job().type(),
                        running.job().content().event(),
                        running.startedAt())));
        admission.forEachWaiting(
                waiting(Stage.WAITING, wanted, view, found), waiting(Stage.DELAYED, wanted, view, found));
        return found;
    }

    private static <T> Consumer<OpenJob> waiting(
            Stage stage, Predicate<JobEvent> wanted, JobPipeline.JobView<T> view, List<T> found) {
        return job -> {
            JobEvent event = job.content().event();
            if (wanted.test(event)) {
                found.add(view.of(stage, job.job().type(), event, event.createdAt()));
            }
        };
    }

    /** Remembered first: a job that ends is not to run again, whatever happens to the commit. */
    private void done(OpenJob job, Instant startedAt) {
        if (job.kind().rule().deduplicated()) {
            deduplication.done(job.content().event(), job.kind().rule().name(), job.kind().stream(), startedAt);
        }
        endings.done(job);
    }

    /** The hold costs no attempt: the job goes back to its place (see {@link Lane#putBack}), and starts when the hold is over. */
    private void held(OpenJob job) {
        if (job.isReleased()) {
            endings.released(job.origin());
        } else {
            lane.putBack(job);
        }
    }

    private RemoteAttempts.Guest guest(Origin origin, Runnable run) {
        return new RemoteAttempts.Guest() {
            @Override
            public void ended(Ending how) {
                endings.endedElsewhere(origin, how);
            }

            @Override
            public void run() {
                run.run();
            }
        };
    }

    private static JobAtWork atWork(OpenJob job, Optional<Instant> startedAt) {
        return new JobAtWork(
                job.job().type(),
                job.job().wiki(),
                job.job().section(),
                job.content().event().id(),
                startedAt);
    }
}
