package org.mediawiki.jobqueue.changeprop.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.History.Point;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.LaneStatus;
import org.mediawiki.jobqueue.changeprop.status.Readings;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.http.HttpTarget;

/** This process as the admin API sees it, and the clock that feeds its history. Any thread. */
final class OwnInstance implements ThisInstance {

    /** What does not answer by then is told of as it was. */
    private static final long PATIENCE_MILLIS = 3_000;

    /** A trial is looked at by somebody who waits for it. */
    private static final Duration LONGEST_TRIAL = Duration.ofMinutes(2);

    private final Vertx vertx;
    private final Parts parts;
    private final Time time;
    private final Instant started;
    private final History history = new History();
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /**
     * What it is made of.
     *
     * @param name how others call it
     * @param configuration what is in force
     * @param vitals every part that has meters
     * @param refresh of those
     * @param peers the others
     */
    record Parts(
            String name,
            Supplier<Configuration> configuration,
            List<RunningLane> lanes,
            List<Vitals> vitals,
            Refresh refresh,
            MeterRegistry registry,
            WaitingJobs waitingJobs,
            Supplier<List<Peer>> peers) {}

    OwnInstance(Vertx vertx, Parts parts) {
        this.vertx = vertx;
        this.parts = parts;
        this.time = Time.of(vertx);
        this.started = time.instant();
    }

    /** Begins to remember. */
    void start() {
        timer = time.after(History.STEP, this::remember);
    }

    void stop() {
        timer.cancel();
    }

    @Override
    public String name() {
        return parts.name();
    }

    @Override
    public Future<Status> status() {
        List<Future<LaneLook>> looks =
                parts.lanes().stream().map(RunningLane::look).toList();
        return Future.all(Future.join(looks), troubles(), parts.refresh().all())
                .compose(all -> vertx.executeBlocking(
                        () -> status(looks.stream().map(Future::result).toList(), all.resultAt(1)), false));
    }

    @Override
    public List<TypeKey> types() {
        return history.types();
    }

    @Override
    public List<Point> points(TypeKey type) {
        return history.points(type);
    }

    @Override
    public WaitingJobs waitingJobs() {
        return parts.waitingJobs();
    }

    @Override
    public Future<List<Sighting>> sightings(String id) {
        return ofAllLanes(lane -> lane.sightings(id, parts.name()));
    }

    @Override
    public Future<List<Done>> done(String id) {
        return ofAllLanes(lane -> lane.done(id, parts.name()));
    }

    private <T> Future<List<T>> ofAllLanes(Function<RunningLane, Future<List<T>>> question) {
        return Future.all(parts.lanes().stream().map(question).toList())
                .map(all -> all.<List<T>>list().stream().flatMap(List::stream).toList());
    }

    @Override
    public List<Peer> others() {
        return parts.peers().get();
    }

    @Override
    public List<String> targets() {
        return List.copyOf(parts.configuration().get().targets().keySet());
    }

    @Override
    public Optional<Future<Trial>> tryOn(String name, TrialJob job) {
        return Optional.ofNullable(parts.configuration().get().targets().get(name))
                .map(config -> send(name, config, job));
    }

    private Future<Trial> send(String name, TargetConfig config, TrialJob job) {
        Target target = HttpTarget.open(vertx, LaneForm.targetSettings(name, config, 1));
        Duration timeout = config.timeout().compareTo(LONGEST_TRIAL) < 0 ? config.timeout() : LONGEST_TRIAL;
        long began = time.nanos();
        return target.send(
                        new Job(
                                job.type(),
                                job.wiki(),
                                "",
                                job.domain(),
                                job.requestId(),
                                job.triggeredBy(),
                                job.body()),
                        timeout)
                .map(attempt -> trial(attempt, seconds(time.nanos() - began)))
                .eventually(target::close);
    }

    private static Trial trial(Attempt attempt, double seconds) {
        return attempt.match(
                answered -> new Trial(
                        "answered",
                        answered.answer().status(),
                        answered.answer().headers(),
                        answered.answer().body(),
                        seconds),
                notSent -> new Trial("not_sent", 0, Map.of(), notSent.reason(), seconds),
                lost -> new Trial("lost", 0, Map.of(), lost.reason(), seconds),
                timedOut -> new Trial("timed_out", 0, Map.of(), timedOut.reason(), seconds));
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private Status status(List<LaneLook> looks, List<String> troubles) {
        Configuration configuration = parts.configuration().get();
        Instant now = time.instant();
        OwnStatus own = new OwnStatus(configuration, Readings.of(parts.registry()), history, now);
        List<LaneStatus> lanes = new ArrayList<>();
        List<TypeStatus> types = new ArrayList<>();
        long running = 0;
        for (int i = 0; i < looks.size(); i++) {
            RunningLane lane = parts.lanes().get(i);
            lanes.add(own.lane(lane.name(), looks.get(i), lane.unready()));
            types.addAll(own.types(lane.name(), looks.get(i)));
            running += looks.get(i).running();
        }
        InstanceStatus instance = new InstanceStatus(
                parts.name(),
                String.valueOf(
                        Optional.ofNullable(OwnInstance.class.getPackage().getImplementationVersion())
                                .orElse("built from source")),
                started,
                null,
                lanes.stream().map(LaneStatus::lane).toList(),
                running,
                troubles);
        return new Status(
                now, configuration.service(), configuration.dc(), parts.name(), List.of(instance), lanes, types);
    }

    /** Of health and readiness. */
    private Future<List<String>> troubles() {
        List<Future<Optional<String>>> asked = parts.vitals().stream()
                .map(part -> part.unhealthy()
                        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .otherwise(Optional.of("it does not answer"))
                        .map(unhealthy -> unhealthy.or(part::unready).map(why -> part.name() + ": " + why)))
                .toList();
        return Future.all(asked)
                .map(all -> all.<Optional<String>>list().stream()
                        .flatMap(Optional::stream)
                        .toList());
    }

    private void remember() {
        parts.refresh()
                .all()
                .compose(ignored -> vertx.executeBlocking(
                        () -> {
                            Instant now = time.instant();
                            Readings readings = Readings.of(parts.registry());
                            history.add(
                                    now, new OwnStatus(parts.configuration().get(), readings, history, now).samples());
                            return null;
                        },
                        false))
                .onComplete(done -> timer = time.after(History.STEP, this::remember));
    }
}
