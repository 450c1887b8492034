package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;

/** The attempts under way, oldest first. Used on the lane's context. */
final class Attempts implements OpenJob.AttemptListener {

    private final Time time;
    private final BiConsumer<OpenJob, Verdict> whenFinished;
    private final BiConsumer<OpenJob, Duration> whenTurnedAway;
    private final Map<Origin.Place, Attempt> underWay = new LinkedHashMap<>();

    /**
     * @param whenFinished is handed every job whose attempt is over
     * @param whenTurnedAway is handed every job that the lane did not keep, and how long it should wait
     */
    Attempts(Time time, BiConsumer<OpenJob, Verdict> whenFinished, BiConsumer<OpenJob, Duration> whenTurnedAway) {
        this.time = time;
        this.whenFinished = whenFinished;
        this.whenTurnedAway = whenTurnedAway;
    }

    private record Attempt(OpenJob job, long startedNanos) {}

    @Override
    public void started(OpenJob job) {
        underWay.put(job.origin().place(), new Attempt(job, time.nanos()));
        observeDelay(job);
    }

    @Override
    public void finished(OpenJob job, Verdict verdict) {
        Attempt attempt = underWay.remove(job.origin().place());
        Duration took = attempt == null ? Duration.ZERO : Duration.ofNanos(time.nanos() - attempt.startedNanos());
        job.kind().meters().finished(job.content().retry().isPresent(), took, verdict);
        whenFinished.accept(job, verdict);
    }

    @Override
    public void turnedAway(OpenJob job, Duration wait) {
        whenTurnedAway.accept(job, wait);
    }

    /** How long the oldest has been under way; empty where none is. */
    Optional<Duration> oldest() {
        return underWay.values().stream()
                .findFirst()
                .map(attempt -> Duration.ofNanos(time.nanos() - attempt.startedNanos()));
    }

    /**
     * Whether the job of a record is running here already: its partition was taken from us and has come back, before
     * the attempt was over. Then the attempt is the new record's, which must not start a second one.
     */
    boolean adopt(Origin origin, OpenJob.Content content) {
        Attempt attempt = underWay.get(origin.place());
        if (attempt == null || !attempt.job().content().event().equals(content.event())) {
            return false;
        }
        attempt.job().returnTo(origin);
        return true;
    }

    /** The partitions of the jobs that {@code wanted} accepts are no longer ours. */
    void release(Predicate<OpenJob> wanted) {
        underWay.values().stream().map(Attempt::job).filter(wanted).forEach(OpenJob::release);
    }

    private void observeDelay(OpenJob job) {
        Instant now = time.instant();
        JobMeters meters = job.kind().meters();
        if (job.content().retry().isPresent()) {
            job.content().retry().get().sentAt().ifPresent(at -> meters.retryStarted(Duration.between(at, now)));
        } else {
            meters.started(Duration.between(job.content().event().createdAt(), now));
            job.content().event().root().ifPresent(root -> meters.startedAfterRoot(Duration.between(root.at(), now)));
        }
    }
}
