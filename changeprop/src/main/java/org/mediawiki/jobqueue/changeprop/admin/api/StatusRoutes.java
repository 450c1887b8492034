package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.DeadJob;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobFilter;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.History.Point;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.runner.Time;

/** What is going on, now and over the last hour. */
final class StatusRoutes {

    private static final String STATUS = "/api/v1/status";

    /** However many consoles look, the fleet is asked once in so long. */
    private static final long FRESH_MILLIS = 900;

    /** Of the overview: 30 points of 2 min. */
    private static final int STEPS_PER_SPARK = 12;

    private static final int SPARKS = History.POINTS / STEPS_PER_SPARK;

    private final Vertx vertx;
    private final ThisInstance self;
    private final DeadJobs dead;
    private final Fleetwide fleetwide;
    private final Time time;

    /** What was told last, and when. On the admin server's context. */
    private @Nullable Future<Status> latest;

    private long latestNanos;

    StatusRoutes(Vertx vertx, ThisInstance self, DeadJobs dead, Fleetwide fleetwide, Time time) {
        this.vertx = vertx;
        this.self = self;
        this.dead = dead;
        this.fleetwide = fleetwide;
        this.time = time;
    }

    /**
     * The last hour of a type.
     *
     * @param stepSeconds how long a point is; its {@code step} times this is its time
     */
    record Past(String type, long stepSeconds, List<Point> points) {}

    /**
     * The last hour of every type, coarse.
     *
     * @param until when the last point ends
     * @param stepSeconds how long a point is
     * @param ended by {@code <lane>/<type>}: attempts that went well, or were held
     * @param failed by {@code <lane>/<type>}: attempts that failed, and jobs given up
     */
    record Sparks(Instant until, long stepSeconds, Map<String, long[]> ended, Map<String, long[]> failed) {}

    void mount(Router router) {
        router.get(STATUS).handler(Answers.json(this::status));
        router.get("/api/v1/fleet").handler(Answers.json(part(Status::instances)));
        router.get("/api/v1/lanes").handler(Answers.json(part(Status::lanes)));
        router.get("/api/v1/types").handler(Answers.json(part(Status::types)));
        router.get("/api/v1/lag").handler(Answers.json(part(StatusRoutes::lag)));
        router.get("/api/v1/history").handler(Answers.json(this::sparks));
        router.get("/api/v1/types/:type").handler(Answers.json(this::type));
        router.get("/api/v1/types/:type/history").handler(Answers.json(this::past));
    }

    /** Of the whole fleet; of this instance where another one asks. Used by those who turn knobs as well. */
    Future<Status> status(RoutingContext context) {
        Question.query(context).allows("only");
        return now(context);
    }

    private Future<Status> now(RoutingContext context) {
        if (Fleetwide.isForSelf(context)) {
            return own();
        }
        Future<Status> fresh = latest;
        if (fresh == null || time.nanos() - latestNanos > FRESH_MILLIS * 1_000_000) {
            fresh = ask(context);
            latest = fresh;
            latestNanos = time.nanos();
        }
        return fresh;
    }

    /** Not the request itself, which may be about a part: all parts are taken of the same status. */
    private Future<Status> ask(RoutingContext context) {
        return own().compose(mine -> fleetwide
                .others(context, STATUS + "?", new TypeReference<Status>() {})
                .map(replies -> together(mine, replies)));
    }

    private Future<Status> own() {
        return self.status()
                .compose(mine -> vertx.executeBlocking(
                        () -> withDead(mine, dead.count(DeadJobFilter.ALL_DEAD, DeadJob::type)), false));
    }

    private Status together(Status mine, List<Fleetwide.Reply<Status>> replies) {
        List<Status> others = new ArrayList<>();
        for (Fleetwide.Reply<Status> reply : replies) {
            others.add(reply.value().orElseGet(() -> silent(mine, reply)));
        }
        return mine.with(others);
    }

    /**
     * An instance that does not answer is shown as it was, with the reason: one that is missing would not be missed, and
     * what it runs goes on.
     */
    private Status silent(Status mine, Fleetwide.Reply<Status> reply) {
        String trouble = "it does not answer: " + reply.trouble();
        return self.lastKnown(reply.instance(), trouble).orElseGet(() -> {
            InstanceStatus instance =
                    new InstanceStatus(reply.instance(), "", null, null, List.of(), 0, List.of(trouble), List.of());
            return new Status(mine.at(), mine.service(), mine.dc(), "", List.of(instance), List.of(), List.of());
        });
    }

    /** Every instance knows all dead jobs. */
    private static Status withDead(Status status, Map<String, Long> counts) {
        List<TypeStatus> types = status.types().stream()
                .map(type -> type.withDead(counts.getOrDefault(type.type(), 0L)))
                .toList();
        return new Status(
                status.at(),
                status.service(),
                status.dc(),
                status.answeredBy(),
                status.instances(),
                status.lanes(),
                types);
    }

    private Function<RoutingContext, Future<?>> part(Function<Status, Object> part) {
        return context -> status(context).map(part);
    }

    private static Map<String, TypeStatus.Use> lag(Status status) {
        Map<String, TypeStatus.Use> lag = new TreeMap<>();
        status.types().forEach(type -> lag.put(type.lane() + "/" + type.type(), type.use()));
        return lag;
    }

    private Future<List<TypeStatus>> type(RoutingContext context) {
        String type = context.pathParam("type");
        return status(context).map(status -> {
            List<TypeStatus> found = status.types().stream()
                    .filter(one -> one.type().equals(type))
                    .toList();
            if (found.isEmpty()) {
                throw Refusal.notFound("No job type " + type + " is configured, and none was seen");
            }
            return found;
        });
    }

    private Future<Past> past(RoutingContext context) {
        Question.query(context).allows("only");
        String type = context.pathParam("type");
        List<List<Point>> all = new ArrayList<>();
        self.types().stream().filter(key -> key.type().equals(type)).forEach(key -> all.add(self.points(key)));
        return fleetwide.others(context, new TypeReference<Past>() {}).map(replies -> {
            replies.forEach(reply -> reply.value().ifPresent(past -> all.add(past.points())));
            return new Past(type, History.STEP.toSeconds(), History.merged(all));
        });
    }

    private Future<Sparks> sparks(RoutingContext context) {
        Question.query(context).allows("only");
        Sparks own = ownSparks();
        return fleetwide.others(context, new TypeReference<Sparks>() {}).map(replies -> {
            replies.forEach(reply -> reply.value().ifPresent(other -> {
                add(own.ended(), other.ended());
                add(own.failed(), other.failed());
            }));
            return own;
        });
    }

    private Sparks ownSparks() {
        long length = History.STEP.multipliedBy(STEPS_PER_SPARK).toSeconds();
        long last = time.instant().getEpochSecond() / length;
        Sparks sparks =
                new Sparks(Instant.ofEpochSecond((last + 1) * length), length, new TreeMap<>(), new TreeMap<>());
        for (TypeKey key : self.types()) {
            long[] ended = new long[SPARKS];
            long[] failed = new long[SPARKS];
            for (Point point : self.points(key)) {
                int at = (int) (SPARKS - 1 - (last - point.step() / STEPS_PER_SPARK));
                if (at >= 0 && at < SPARKS) {
                    ended[at] += point.window().done() + point.window().held();
                    failed[at] += point.window().failed() + point.window().dead();
                }
            }
            sparks.ended().put(key.lane() + "/" + key.type(), ended);
            sparks.failed().put(key.lane() + "/" + key.type(), failed);
        }
        return sparks;
    }

    private static void add(Map<String, long[]> to, Map<String, long[]> more) {
        more.forEach((type, counts) -> to.merge(type, counts, (one, other) -> {
            long[] sum = one.clone();
            for (int i = 0; i < Math.min(sum.length, other.length); i++) {
                sum[i] += other[i];
            }
            return sum;
        }));
    }
}
