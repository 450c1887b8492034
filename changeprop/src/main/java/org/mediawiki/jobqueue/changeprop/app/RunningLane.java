package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Done;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Sighting;
import org.mediawiki.jobqueue.changeprop.consume.Holdings;
import org.mediawiki.jobqueue.changeprop.consume.Lease;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.mediawiki.jobqueue.changeprop.dedupe.DedupeListener;
import org.mediawiki.jobqueue.changeprop.dedupe.Deduplication;
import org.mediawiki.jobqueue.changeprop.dispatch.JobPipeline;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;
import org.mediawiki.jobqueue.changeprop.metrics.LaneMeters;
import org.mediawiki.jobqueue.changeprop.metrics.RecordAccounts;
import org.mediawiki.jobqueue.changeprop.trace.AttemptTraces;
import org.mediawiki.jobqueue.runner.Ask;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;
import org.mediawiki.jobqueue.runner.http.HttpTarget;
import org.mediawiki.jobqueue.runner.http.TargetSettings;
import org.mediawiki.jobqueue.runner.lane.Lane;

/**
 * One lane at work: its target, its fair queue, its consumer. Opened on its context; its methods may be called on any
 * thread.
 */
final class RunningLane implements Vitals {

    /** A poll loop that has not come round for so long is stuck; a hand-over takes far less. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(30);

    /** What an attempt may take beyond its timeout before something must be wrong. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** For a context that has nothing more to do but to close slots. */
    private static final Duration CONTEXT_PATIENCE = Duration.ofSeconds(1);

    private final Context context;
    private final SharedParts shared;
    private final HttpTarget target;
    private final TargetWatch targetWatch;
    private final Lane queue;
    private final LaneKafka kafka;
    private final Deduplication deduplication;
    private final RecordAccounts accounts;
    private final LaneMeters meters;
    private final Backlog backlog;
    private final JobPipeline pipeline;
    private final PollLoop loop;
    private final PollThread pollThread;

    /** Written on the lane's context, read by health checks. */
    private volatile LaneForm form;

    private final LaneVerdicts verdicts;

    /** Written on the lane's context, read by readiness checks. */
    private volatile boolean closing;

    private RunningLane(
            Context context,
            LaneForm form,
            SharedParts shared,
            Deduplication deduplication,
            Consumer<Throwable> onFailure) {
        Vertx vertx = context.owner();
        Time time = Time.of(vertx);
        this.context = context;
        this.deduplication = deduplication;
        this.form = form;
        this.shared = shared;
        TargetSettings targetSettings = form.target();
        this.kafka = new LaneKafka(vertx, form, shared);
        Lease lease = kafka.lease(time);
        this.target = HttpTarget.open(vertx, targetSettings, () -> !lease.hasExpired());
        this.targetWatch = new TargetWatch(targetSettings.name(), target, time);
        this.verdicts = new LaneVerdicts(form, time);
        AttemptTraces traces =
                shared.tracing().attempts(() -> this.form.target().uri());
        this.queue = new Lane(
                form.settings(shared.maxOpenBytesPerLane()),
                traces.around(target),
                verdicts::judge,
                time,
                lease::isHeld);
        this.accounts = shared.metrics().accounts(form.name(), shared.topics());
        this.meters = shared.metrics().lane(form.name());
        this.backlog = kafka.backlog(context, time);
        this.pipeline = new JobPipeline(
                context,
                pipelineParts(traces, onFailure),
                queue,
                time,
                () -> UUID.randomUUID().toString());
        this.loop = new PollLoop(kafka.loopParts(lease), pipeline, accounts, time);
        this.pollThread = new PollThread(form.name(), loop, kafka::prepare, onFailure);
    }

    /** {@code onFailure} is told when the lane cannot go on. Called, and answered, on {@code context}. */
    static Future<RunningLane> open(Context context, LaneForm form, SharedParts shared, Consumer<Throwable> onFailure) {
        Time time = Time.of(context.owner());
        DedupeListener meters = shared.metrics().dedupe(form.name());
        return Deduplication.open(context, shared.configuration().dedupe(), time, meters)
                .map(deduplication -> new RunningLane(context, form, shared, deduplication, onFailure));
    }

    /** Begins to look for the target and to poll. */
    void start() {
        context.runOnContext(ignored -> targetWatch.look());
        pollThread.start();
    }

    /**
     * What holds from here on, for jobs that are here already too; what runs goes on as it began. Any thread.
     *
     * @return completes when the lane goes by it; what the group has to do with it follows
     */
    Future<Void> apply(LaneForm next) {
        return onContext(() -> {
            form = next;
            verdicts.follow(next);
            target.reconfigure(next.target());
            pipeline.refreshRules();
            queue.reconfigure(next.settings(shared.maxOpenBytesPerLane()));
            kafka.follow(next);
            loop.follow(kafka.pollSettings());
            return null;
        });
    }

    /** Goes on with other clients of Kafka; what runs, runs on. Any thread. */
    void renewClients() {
        loop.renew();
        kafka.push();
    }

    /** Hands over, leaves the group, lets what runs end, and closes everything. On the lane's context. */
    Future<Void> close() {
        closing = true;
        targetWatch.stop();
        return LongCall.on("drain-" + name(), this::drain, context)
                .eventually(deduplication::close)
                .eventually(target::close);
    }

    /** Blocks for as long as jobs run, up to the drain timeout. */
    private void drain() throws InterruptedException {
        pollThread.stopAndWait();
        kafka.close();
        awaitContext();
        loop.settleLate();
    }

    /** Whatever had come to it before is done when this returns: the slots behind the last receipts are closed. */
    private void awaitContext() {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        context.runOnContext(ignored -> reached.complete(null));
        reached.completeOnTimeout(null, CONTEXT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public String name() {
        return form.name();
    }

    @Override
    public Optional<String> unready() {
        if (closing) {
            return Optional.of("the lane is stopping");
        }
        return notStarted()
                .or(() -> targetWatch.wasReached()
                        ? Optional.empty()
                        : Optional.of("the target was not reached yet: " + targetWatch.lastObstacle()));
    }

    @Override
    public Optional<String> notStarted() {
        if (!pollThread.isPrepared()) {
            return Optional.of("Kafka could not be written to yet");
        } else if (!loop.hasJoined()) {
            return Optional.of("no partitions were assigned yet");
        }
        return Optional.empty();
    }

    /** What it does. */
    Future<LaneState> state() {
        return onContext(() -> LaneReport.of(form.name(), queue, pipeline, loop.holdings()));
    }

    @Override
    public Future<Optional<String>> unhealthy() {
        if (pollThread.isPrepared() && loop.sinceLastTurn().compareTo(LONGEST_TURN) > 0) {
            return Future.succeededFuture(Optional.of("the poll loop stands still"));
        }
        return onContext(() -> pipeline.overdue(GRACE).map(age -> "an attempt has been under way for " + age));
    }

    @Override
    public Future<Void> refreshMetrics() {
        Map<TopicPartition, Long> positions = loop.positions();
        return backlog.unpolled(positions)
                .compose(unpolled -> onContext(() -> {
                    accounts.publish(unpolled);
                    refresh(positions.size());
                    return null;
                }));
    }

    private void refresh(int partitions) {
        LaneMeters.Round round = meters.refresh();
        Map<String, Ages> oldest = pipeline.oldest();
        LaneForm present = form;
        queue.usage(
                (type, usage) -> round.type(type, usage, oldest.getOrDefault(type, Ages.NONE), present.pauses(type)));
        queue.breakers(round::typeBreaker);
        round.target(queue.targetBreaker());
        round.waiting(queue.heldWikis(), pipeline.waiting());
        round.lanePaused(present.isPaused());
        Holdings holdings = loop.holdings();
        shared.metrics().handedOver(form.name(), holdings.handedOver());
        shared.metrics().unreadable(form.name(), holdings.unreadable());
        round.end(loop.sinceLastPoll(), partitions);
    }

    /** What the meters do not tell. */
    Future<LaneLook> look() {
        return onContext(() -> {
            Map<String, BreakerState> types = new HashMap<>();
            queue.breakers(types::put);
            return new LaneLook(queue.targetBreaker(), types, queue.running());
        });
    }

    /** The jobs in memory with this {@code meta.id} or request id. */
    Future<List<Sighting>> sightings(String id, String instance) {
        return onContext(() -> pipeline.inMemory(
                event -> event.id().equals(id) || event.requestId().equals(id),
                (stage, type, event, since) -> new Sighting(
                        instance,
                        stage.name().toLowerCase(Locale.ROOT),
                        type,
                        event.wiki(),
                        event.id(),
                        event.requestId(),
                        since)));
    }

    /** What this process remembers to have done under this {@code meta.id}. */
    Future<List<Done>> done(String id, String instance) {
        return onContext(() -> deduplication.doneHere(id).stream()
                .map(done -> new Done(instance, done.type(), done.domain(), done.startedAt()))
                .toList());
    }

    private JobPipeline.Parts pipelineParts(AttemptTraces traces, Consumer<Throwable> onFailure) {
        return new JobPipeline.Parts(
                shared.topics(),
                kafka.outbox(),
                deduplication,
                wiki -> form.sectionOf(wiki),
                type -> form.rule(type),
                (type, rule, stream) -> shared.metrics().of(form.name(), type, rule, stream),
                traces,
                onFailure);
    }

    private <T> Future<T> onContext(Supplier<T> question) {
        return Future.fromCompletionStage(Ask.on(task -> context.runOnContext(ignored -> task.run()), question));
    }
}
