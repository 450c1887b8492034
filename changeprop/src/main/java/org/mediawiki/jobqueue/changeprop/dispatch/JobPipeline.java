package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.consume.RecordHandler;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.lane.Lane;
import org.mediawiki.jobqueue.runner.lane.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a record through decoding, triage, the lane and its verdict to the end of its slot. The
 * {@link RecordHandler} side is called on the poll thread and hops onto the lane's context; everything else runs there.
 */
final class JobPipeline implements RecordHandler, OpenJob.AttemptListener {

    private static final Logger LOG = LoggerFactory.getLogger(JobPipeline.class);

    private final Context context;
    private final Steps steps;
    private final Lane lane;
    private final Time time;
    private final WaitingRoom waitingRoom;
    private final Map<String, JobKind> kinds = new HashMap<>();
    private final Set<OpenJob> running = new LinkedHashSet<>();
    private boolean stopped;

    /**
     * The steps that a record takes beside the lane.
     *
     * @param kindOf what is to be done with the records of a topic; asked once for each
     */
    record Steps(RecordReader reader, Triage triage, JobEndings endings, Function<PolledRecord, JobKind> kindOf) {}

    JobPipeline(Context context, Steps steps, Lane lane, Time time) {
        this.context = context;
        this.steps = steps;
        this.lane = lane;
        this.time = time;
        this.waitingRoom = new WaitingRoom(time, this::triage);
    }

    @Override
    public void handle(List<PolledRecord> records) {
        context.runOnContext(ignored -> records.forEach(this::take));
    }

    @Override
    public void release(Collection<TopicPartition> partitions) {
        List<TopicPartition> released = List.copyOf(partitions);
        context.runOnContext(ignored -> release(job -> released.stream().anyMatch(job::isOf)));
    }

    @Override
    public void stop() {
        context.runOnContext(ignored -> {
            stopped = true;
            lane.stopAdmitting();
            release(job -> true);
        });
    }

    /** The jobs whose attempts are under way. */
    Collection<OpenJob> running() {
        return List.copyOf(running);
    }

    /** How many jobs wait for their time. */
    int waiting() {
        return waitingRoom.size();
    }

    @Override
    public void started(OpenJob job) {
        job.startedAt(time.nanos());
        running.add(job);
        observeStart(job);
    }

    @Override
    public void finished(OpenJob job, Verdict verdict) {
        running.remove(job);
        Duration took = Duration.ofNanos(time.nanos() - job.startedNanos());
        job.kind().meters().finished(job.content().retry().isPresent(), took, verdict);
        verdict.accept(
                done -> steps.endings().done(job),
                retry -> steps.endings().failed(job, retry.failure()),
                dead -> steps.endings().dead(job, dead.failure()),
                hold -> held(job));
    }

    /** The one boundary behind which no record stops its partition: a bug of ours makes the record dead, not stuck. */
    private void take(PolledRecord polled) {
        JobKind kind = kinds.computeIfAbsent(
                polled.record().topic(), topic -> steps.kindOf().apply(polled));
        try {
            decode(polled, kind);
        } catch (RuntimeException e) {
            LOG.error("A record was handled in a way that it should not: this is a bug", e);
            steps.endings().invalid(polled, kind, Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, e.toString()));
        }
    }

    private void decode(PolledRecord polled, JobKind kind) {
        if (stopped) {
            steps.endings().released(polled);
            return;
        }
        kind.meters().dequeued();
        if (polled.record().value() == null) {
            steps.endings().skipped(polled, kind, SkipReason.TOMBSTONE);
            return;
        }
        steps.reader()
                .read(kind.topic(), polled.record().value())
                .accept(
                        content -> triage(new OpenJob(polled, kind, content, this)),
                        reason -> steps.endings().invalid(polled, kind, invalidEvent(reason)));
    }

    private void triage(OpenJob job) {
        steps.triage()
                .of(job.content(), job.kind().rule(), time.instant())
                .accept(
                        () -> lane.submit(job),
                        due -> waitingRoom.add(job, due),
                        reason -> steps.endings().skipped(job.polled(), job.kind(), reason),
                        why -> steps.endings().dead(job, why));
    }

    /** The hold costs no attempt: the job goes back to the front, and starts when the hold is over. */
    private void held(OpenJob job) {
        if (job.isReleased()) {
            steps.endings().released(job.polled());
        } else {
            lane.putBack(job);
        }
    }

    private void release(Predicate<OpenJob> wanted) {
        for (Task task : lane.withdraw(task -> wanted.test((OpenJob) task))) {
            steps.endings().released(((OpenJob) task).polled());
        }
        waitingRoom.withdraw(wanted).forEach(job -> steps.endings().released(job.polled()));
        running.stream().filter(wanted).forEach(OpenJob::release);
    }

    private void observeStart(OpenJob job) {
        Instant now = time.instant();
        JobMeters meters = job.kind().meters();
        if (job.content().retry().isPresent()) {
            job.content().retry().get().sentAt().ifPresent(at -> meters.retryStarted(Duration.between(at, now)));
        } else {
            meters.started(Duration.between(job.content().event().createdAt(), now));
            job.content().event().root().ifPresent(root -> meters.startedAfterRoot(Duration.between(root.at(), now)));
        }
    }

    private static Failure invalidEvent(String reason) {
        return Failure.withoutAnswer(Failure.Cause.INVALID_EVENT, 400, reason);
    }
}
