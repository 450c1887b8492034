package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.trace.AttemptTraces;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;

/** The attempts under way, oldest first. Used on the lane's context. */
final class Attempts {

    private final Time time;

    /** Not by place: where a log has lost its end, or was made anew, another job stands there while the first one runs on. */
    private final Map<OpenJob, Attempt> underWay = new LinkedHashMap<>();

    /** Whose record was the last that was found at a place. */
    private final Map<Place, OpenJob> lastAt = new HashMap<>();

    private final AttemptTraces traces;

    Attempts(Time time, AttemptTraces traces) {
        this.time = time;
        this.traces = traces;
    }

    private record Attempt(OpenJob job, Duration timeout, Instant startedAt, long startedNanos) {}

    /** An attempt that has been under way for so long. */
    record Running(OpenJob job, Instant startedAt, Duration age) {}

    /** {@code timeout} is how long the attempt may take, whatever is configured while it is under way. */
    void started(OpenJob job, Duration timeout) {
        underWay.put(job, new Attempt(job, timeout, time.instant(), time.nanos()));
        lastAt.put(job.origin().place(), job);
        traces.begun(job.job(), () -> observeDelay(job));
    }

    /** Returns when the attempt began. */
    Instant finished(OpenJob job, Verdict verdict) {
        Attempt attempt = underWay.remove(job);
        lastAt.remove(job.origin().place(), job);
        Duration took = attempt == null ? Duration.ZERO : age(attempt);
        traces.judged(
                job.job(), () -> job.kind().meters().finished(!job.content().isFirstAttempt(), took, verdict));
        return attempt == null ? time.instant() : attempt.startedAt();
    }

    /** As {@link JobPipeline#overdue}. */
    Optional<Duration> overdue(Duration grace) {
        return underWay.values().stream()
                .filter(attempt -> age(attempt).compareTo(attempt.timeout().plus(grace)) > 0)
                .findFirst()
                .map(this::age);
    }

    /** Tells {@code each} every attempt, oldest first. */
    void forEach(Consumer<Running> each) {
        underWay.values()
                .forEach(attempt -> each.accept(new Running(attempt.job(), attempt.startedAt(), age(attempt))));
    }

    /** Those whose jobs {@code wanted} accepts, oldest first. */
    List<Running> running(Predicate<OpenJob> wanted) {
        return underWay.values().stream()
                .filter(attempt -> wanted.test(attempt.job()))
                .map(attempt -> new Running(attempt.job(), attempt.startedAt(), age(attempt)))
                .toList();
    }

    /**
     * Whether the job of a record is running here already: its partition was taken from us and has come back, before
     * the attempt was over. Then the attempt is the new record's, which must not start a second one.
     */
    boolean adopt(Origin origin, OpenJob.Content content) {
        OpenJob job = lastAt.get(origin.place());
        if (job == null || !job.content().event().equals(content.event())) {
            return false;
        }
        job.returnTo(origin);
        return true;
    }

    /** The partitions of the jobs that {@code wanted} accepts are no longer ours. */
    void release(Predicate<OpenJob> wanted) {
        underWay.values().stream().map(Attempt::job).filter(wanted).forEach(OpenJob::release);
    }

    private Duration age(Attempt attempt) {
        return Duration.ofNanos(time.nanos() - attempt.startedNanos());
    }

    private void observeDelay(OpenJob job) {
        Instant now = time.instant();
        JobMeters meters = job.kind().meters();
        if (!job.content().isFirstAttempt()) {
            job.content()
                    .retry()
                    .flatMap(RetryEvent::sentAt)
                    .ifPresent(at -> meters.retryStarted(Duration.between(at, now)));
        } else {
            meters.started(Duration.between(job.content().event().createdAt(), now));
            job.content().event().root().ifPresent(root -> meters.startedAfterRoot(Duration.between(root.at(), now)));
        }
    }
}
