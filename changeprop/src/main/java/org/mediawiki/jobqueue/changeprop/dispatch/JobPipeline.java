package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.consume.RecordHandler;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
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
public final class JobPipeline implements RecordHandler {

    private static final Logger LOG = LoggerFactory.getLogger(JobPipeline.class);

    private final Context context;
    private final Lane lane;
    private final Time time;
    private final RecordReader reader;
    private final Triage triage;
    private final JobEndings endings;
    private final WaitingRoom waitingRoom;
    private final JobKinds kinds;
    private final Attempts attempts;
    private boolean stopped;

    /**
     * What a pipeline stands on.
     *
     * @param sectionOf the database section of a wiki
     * @param ruleOf what the queue does with the jobs of a type
     * @param metersOf the meters of a job topic's type, rule and stream
     */
    public record Footing(
            Topics topics,
            Outbox outbox,
            UnaryOperator<String> sectionOf,
            Function<String, Rule> ruleOf,
            MetersOf metersOf) {}

    /** Knows the meters of every job type. */
    public interface MetersOf {
        JobMeters of(String type, String rule, String stream);
    }

    /** {@code context} is the one that {@code lane} runs on; {@code ids} gives the ids of the events that are written. */
    public JobPipeline(Context context, Footing footing, Lane lane, Time time, Supplier<String> ids) {
        this.context = context;
        this.lane = lane;
        this.time = time;
        this.reader = new RecordReader(footing.sectionOf());
        this.triage = new Triage(footing.topics().emitterId(""));
        this.endings =
                new JobEndings(footing.topics(), new EventEncoder(footing.topics(), time, ids), footing.outbox());
        this.kinds = new JobKinds(footing);
        this.attempts = new Attempts(
                time,
                (job, verdict) -> guarded(job, () -> finished(job, verdict)),
                (job, wait) -> guarded(job, () -> turnedAway(job, wait)));
        this.waitingRoom = new WaitingRoom(time, job -> guarded(job, () -> triage(job)));
    }

    @Override
    public void handle(List<PolledRecord> records) {
        context.runOnContext(ignored -> records.forEach(this::take));
    }

    @Override
    public void release(Collection<TopicPartition> partitions) {
        Set<TopicPartition> released = Set.copyOf(partitions);
        context.runOnContext(
                ignored -> release(job -> released.contains(job.origin().partition())));
    }

    @Override
    public void stop() {
        context.runOnContext(ignored -> {
            stopped = true;
            lane.stopAdmitting();
            release(job -> true);
        });
    }

    /** How long the oldest attempt has been under way; empty where none is. On the lane's context. */
    public Optional<Duration> oldestAttempt() {
        return attempts.oldest();
    }

    /** How many jobs wait for their time. On the lane's context. */
    public int waiting() {
        return waitingRoom.size();
    }

    private void finished(OpenJob job, Verdict verdict) {
        verdict.accept(
                done -> endings.done(job),
                retry -> endings.failed(job, retry.failure()),
                dead -> endings.dead(job, dead.failure()),
                hold -> held(job));
    }

    private void take(PolledRecord polled) {
        Origin origin = Origin.of(polled);
        byte[] value = polled.record().value();
        if (stopped) {
            endings.released(origin);
            return;
        }
        guarded(origin, () -> bytes(value), polled.topic().type(), () -> {
            JobKind kind = kinds.of(polled);
            kind.meters().dequeued();
            if (value == null) {
                endings.skipped(origin, kind, SkipReason.TOMBSTONE);
            } else {
                read(origin, kind, value);
            }
        });
    }

    /** The one boundary behind which no record stops its partition: a bug of ours makes the record dead, not stuck. */
    private void guarded(Origin origin, Supplier<Buffer> raw, String rule, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A record was handled in a way that it should not: this is a bug", e);
            endings.invalid(origin, raw.get(), rule, Failure.withoutAnswer(Failure.Cause.INTERNAL, 500, e.toString()));
        }
    }

    private void guarded(OpenJob job, Runnable step) {
        guarded(job.origin(), job.job()::body, job.kind().rule().name(), step);
    }

    private void read(Origin origin, JobKind kind, byte[] value) {
        reader.read(kind.topic(), value)
                .accept(
                        content -> open(origin, kind, content),
                        reason -> endings.invalid(
                                origin, Buffer.buffer(value), kind.rule().name(), invalidEvent(reason)));
    }

    private void open(Origin origin, JobKind kind, OpenJob.Content content) {
        if (!attempts.adopt(origin, content)) {
            triage(new OpenJob(origin, kind, content, attempts));
        }
    }

    private void triage(OpenJob job) {
        triage.of(job.content(), job.kind().rule(), time.instant())
                .accept(
                        () -> lane.submit(job),
                        due -> waitingRoom.add(job, due),
                        reason -> endings.skipped(job.origin(), job.kind(), reason),
                        why -> endings.dead(job, why));
    }

    /** The hold costs no attempt: the job goes back to the front, and starts when the hold is over. */
    private void held(OpenJob job) {
        if (job.isReleased()) {
            endings.released(job.origin());
        } else {
            lane.putBack(job);
        }
    }

    /** The lane keeps room for those that could start; this one waits elsewhere for its turn. */
    private void turnedAway(OpenJob job, Duration wait) {
        waitingRoom.add(job, time.instant().plus(wait));
    }

    private void release(Predicate<OpenJob> wanted) {
        for (Task task : lane.withdraw(task -> wanted.test((OpenJob) task))) {
            endings.released(((OpenJob) task).origin());
        }
        waitingRoom.withdraw(wanted).forEach(job -> endings.released(job.origin()));
        attempts.release(wanted);
    }

    private static Buffer bytes(byte @Nullable [] value) {
        return value == null ? Buffer.buffer() : Buffer.buffer(value);
    }

    private static Failure invalidEvent(String reason) {
        return Failure.withoutAnswer(Failure.Cause.INVALID_EVENT, 400, reason);
    }
}
