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
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.admin.Refresh;
import org.mediawiki.jobqueue.changeprop.admin.Vitals;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.History.Point;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.LaneStatus;
import org.mediawiki.jobqueue.changeprop.status.Readings;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.runner.Time;

/** This process as the admin API sees it. Any thread. */
final class OwnInstance implements ThisInstance {

    /** What does not answer by then is told of as it was. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final Parts parts;
    private final List<RunningLane> lanes;
    private final List<Vitals> vitals;
    private final LaneLooks looks;
    private final Meters meters;
    private final Trials trials;
    private final Time time;
    private final Instant started;

    /**
     * What it is made of.
     *
     * @param name how others call it
     * @param configuration what is in force
     * @param notices what deserves a look though all is well
     */
    record Parts(
            String name,
            Supplier<Configuration> configuration,
            Supplier<List<String>> notices,
            RunningParts running,
            Meters meters,
            WaitingJobs waitingJobs) {}

    /**
     * What tells what is going on.
     *
     * @param registry all meters
     * @param refresh brings them up to date
     * @param history what they said
     */
    record Meters(MeterRegistry registry, Refresh refresh, History history) {}

    OwnInstance(Vertx vertx, Parts parts) {
        this.vertx = vertx;
        this.parts = parts;
        this.lanes = parts.running().lanes();
        this.vitals = parts.running().vitals();
        this.looks = new LaneLooks(
                lanes.stream().collect(Collectors.toMap(RunningLane::name, lane -> lane::look)), PATIENCE);
        this.meters = parts.meters();
        this.trials = new Trials(vertx, parts.configuration());
        this.time = Time.of(vertx);
        this.started = time.instant();
    }

    @Override
    public String name() {
        return parts.name();
    }

    @Override
    public Future<Status> status() {
        return Future.all(looks.all(), troubles(), meters.refresh().all())
                .compose(all -> vertx.executeBlocking(() -> status(all.resultAt(0), all.resultAt(1)), false));
    }

    @Override
    public List<TypeKey> types() {
        return meters.history().types();
    }

    @Override
    public List<Point> points(TypeKey type) {
        return meters.history().points(type);
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
        return Future.all(lanes.stream().map(question).toList())
                .map(all -> all.<List<T>>list().stream().flatMap(List::stream).toList());
    }

    @Override
    public List<Peer> others() {
        return parts.running().fleet().others();
    }

    @Override
    public Optional<Status> lastKnown(String instance, String trouble) {
        LastKnown known = new LastKnown(parts.configuration().get(), time.instant());
        return parts.running().fleet().heardOf(instance).map(who -> known.of(who.instance(), who.state(), trouble));
    }

    @Override
    public List<String> targets() {
        return trials.targets();
    }

    @Override
    public Optional<Future<Trial>> tryOn(String target, TrialJob job) {
        return trials.tryOn(target, job);
    }

    private Status status(Map<String, LaneLook> seen, List<String> troubles) {
        Configuration configuration = parts.configuration().get();
        Instant now = time.instant();
        OwnStatus own = new OwnStatus(configuration, Readings.of(meters.registry()), meters.history(), now);
        List<LaneStatus> states = new ArrayList<>();
        List<TypeStatus> types = new ArrayList<>();
        long running = 0;
        for (RunningLane lane : lanes) {
            LaneLook look = seen.get(lane.name());
            if (look != null) {
                states.add(own.lane(lane.name(), look, lane.unready()));
                types.addAll(own.types(lane.name(), look));
                running += look.running();
            }
        }
        InstanceStatus instance = new InstanceStatus(
                parts.name(),
                Version.text(),
                started,
                null,
                parts.running().laneNames(),
                running,
                troubles,
                parts.notices().get());
        return new Status(
                now, configuration.service(), configuration.dc(), parts.name(), List.of(instance), states, types);
    }

    /** Of health and readiness. */
    private Future<List<String>> troubles() {
        List<Future<Optional<String>>> asked = vitals.stream()
                .map(part -> part.unhealthy()
                        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .otherwise(Optional.of("it does not answer"))
                        .map(unhealthy -> unhealthy.or(part::unready).map(why -> part.name() + ": " + why)))
                .toList();
        return Future.all(asked)
                .map(all -> all.<Optional<String>>list().stream()
                        .flatMap(Optional::stream)
                        .toList());
    }
}
