package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.consume.RecordHandler;
import org.mediawiki.jobqueue.changeprop.dedupe.Deduplication;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.fleet.JobAtWork;
import org.mediawiki.jobqueue.changeprop.fleet.Place;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.changeprop.metrics.JobMeters;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;
import org.mediawiki.jobqueue.changeprop.schedule.ScheduledEvent;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.changeprop.trace.AttemptTraces;
import org.mediawiki.jobqueue.runner.Ask;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.lane.Lane;

/**
 * Carries a record through decoding, triage, the lane and its verdict to the end of its slot. The
 * {@link RecordHandler} side is called on the poll thread and hops onto the lane's context; everything else runs there.
 */
public final class JobPipeline implements RecordHandler {

    /** The header of a record that says which trace its job belongs to, as OpenTelemetry has it for messages. */
    private static final String TRACEPARENT = "traceparent";

    private final Context context;
    private final Lane lane;
    private final RecordReader reader;
    private final JobEndings endings;
    private final Boundary boundary;
    private final JobKinds kinds;
    private final JobCourse course;
    private boolean stopped;

    /**
     * What a pipeline is made of.
     *
     * @param deduplication knows which jobs are done
     * @param sectionOf the database section of a wiki
     * @param ruleOf what the queue does with the jobs of a type
     * @param metersOf the meters of a job topic's type, rule and stream
     * @param traces of the lane's attempts
     * @param onFailure is told when the lane cannot go on: a record can neither be handled nor given up. On its context; may be
     *     told several times
     */
    public record Parts(
            Topics topics,
            Outbox outbox,
            Deduplication deduplication,
            UnaryOperator<String> sectionOf,
            Function<String, Rule> ruleOf,
            MetersOf metersOf,
            AttemptTraces traces,
            Consumer<Throwable> onFailure) {}

    /** Knows the meters of every job type. */
    public interface MetersOf {
        JobMeters of(String type, String rule, String stream);
    }

    /** {@code context} is the one that {@code lane} runs on; {@code ids} gives the ids of the events that are written. */
    public JobPipeline(Context context, Parts parts, Lane lane, Time time, Supplier<String> ids) {
        EventEncoder encoder = new EventEncoder(parts.topics(), time, ids);
        this.context = context;
        this.lane = lane;
        this.reader = new RecordReader(parts.sectionOf());
        this.endings = new JobEndings(parts.topics(), encoder, parts.outbox(), time, parts.onFailure());
        this.boundary = new Boundary(endings, parts.onFailure());
        this.kinds = new JobKinds(parts);
        this.course = new JobCourse(parts, lane, time, endings, boundary);
    }

    @Override
    public void handle(List<PolledRecord> records) {
        context.runOnContext(ignored -> records.forEach(this::take));
    }

    @Override
    public CompletableFuture<Void> release(Collection<TopicPartition> partitions) {
        Set<TopicPartition> those = Set.copyOf(partitions);
        // Until it is complete nothing of the lane starts.
        return Ask.on(this::onContext, () -> {
            course.release(those::contains);
            return null;
        });
    }

    @Override
    public CompletableFuture<Map<Place, JobAtWork>> atWork(Collection<TopicPartition> partitions) {
        Predicate<OpenJob> ofThose = of(partitions);
        return Ask.on(this::onContext, () -> course.atWork(ofThose));
    }

    @Override
    public void expect(List<Expected> jobs) {
        context.runOnContext(ignored -> course.expect(jobs));
    }

    @Override
    public void endedElsewhere(Place place, Ending how) {
        context.runOnContext(ignored -> course.endedElsewhere(place, how));
    }

    @Override
    public void keepBlocked(long bytes) {
        context.runOnContext(ignored -> lane.keepBlocked(bytes));
    }

    @Override
    public void goOn() {
        context.runOnContext(ignored -> lane.goOn());
    }

    @Override
    public void leaveRunning(Collection<TopicPartition> partitions) {
        Predicate<OpenJob> ofThose = of(partitions);
        context.runOnContext(ignored -> course.leaveRunning(ofThose));
    }

    @Override
    public void stop() {
        context.runOnContext(ignored -> {
            stopped = true;
            lane.stopAdmitting();
            course.release(partition -> true);
        });
    }

    /** Asks anew for the rules of all job types, for jobs that are here already too. On the lane's context. */
    public void refreshRules() {
        kinds.refresh();
    }

    /**
     * How long the oldest attempt has been under way that goes on by more than {@code grace} after the timeout that it began
     * with; empty where none does. On the lane's context.
     */
    public Optional<Duration> overdue(Duration grace) {
        return course.overdue(grace);
    }

    /** The oldest of each job type that waits for a slot or runs; types without any are absent. On the lane's context. */
    public Map<String, Ages> oldest() {
        return course.oldest();
    }

    /** How many jobs wait for their time. On the lane's context. */
    public int waiting() {
        return course.waiting();
    }

    /** Where a job in memory is. */
    public enum Stage {
        /** An attempt is under way. */
        RUNNING,
        /** It could start but for limits, holds and breakers. */
        WAITING,
        /** Its time comes within seconds. */
        DELAYED
    }

    /** Tells of a job in memory; {@code since} is when its attempt began, or when it was created where none has. */
    public interface JobView<T> {
        T of(Stage stage, String type, JobEvent event, Instant since);
    }

    /**
     * The jobs in memory that {@code wanted} accepts, attempts first; all of them are walked through. On the lane's
     * context.
     */
    public <T> List<T> inMemory(Predicate<JobEvent> wanted, JobView<T> view) {
        return course.inMemory(wanted, view);
    }

    private void onContext(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    private void take(PolledRecord polled) {
        Origin origin = Origin.of(polled);
        byte[] value = polled.record().value();
        if (stopped) {
            endings.released(origin);
            return;
        }
        boundary.guard(origin, () -> bytes(value), polled.topic().type(), () -> {
            JobKind kind = kinds.of(polled);
            kind.meters().dequeued();
            if (value == null) {
                endings.skipped(origin, kind, SkipReason.TOMBSTONE);
            } else {
                Headers headers = polled.record().headers();
                boolean released = headers.lastHeader(ScheduledEvent.DUE_HEADER) != null;
                read(origin, kind, value, released, Optional.ofNullable(headers.lastHeader(TRACEPARENT)));
            }
        });
    }

    private void read(Origin origin, JobKind kind, byte[] value, boolean released, Optional<Header> trace) {
        reader.read(kind.topic(), value, released)
                .accept(
                        content -> course.begin(
                                origin,
                                kind,
                                trace.map(header -> inTrace(content, header)).orElse(content)),
                        reason -> course.endInvalid(
                                origin,
                                () -> endings.invalid(
                                        origin,
                                        Buffer.buffer(value),
                                        kind.rule().name(),
                                        invalidEvent(reason))));
    }

    private static OpenJob.Content inTrace(OpenJob.Content content, Header traceparent) {
        byte[] value = traceparent.value();
        return value == null ? content : content.in(new String(value, StandardCharsets.US_ASCII));
    }

    /** On the poll thread: the collection is the caller's, and may change. */
    private static Predicate<OpenJob> of(Collection<TopicPartition> partitions) {
        Set<TopicPartition> wanted = Set.copyOf(partitions);
        return job -> wanted.contains(job.origin().partition());
    }

    private static Buffer bytes(byte @Nullable [] value) {
        return value == null ? Buffer.buffer() : Buffer.buffer(value);
    }

    private static Failure invalidEvent(String reason) {
        return Failure.withoutAnswer(Failure.Cause.INVALID_EVENT, 400, reason);
    }
}
