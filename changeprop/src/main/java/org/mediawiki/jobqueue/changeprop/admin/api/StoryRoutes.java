package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Done;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Sighting;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobFilter;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobState;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.runner.Time;

/**
 * One job's story by {@code meta.id} or request id, as far as it is known: where it is in memory, where it waits, that it
 * is done, where it died. Which jobs are done is remembered for the sake of duplicates, by {@code meta.id}, for an hour at
 * most; older ones leave no trace but in the runner's own log, by the same request id.
 */
final class StoryRoutes {

    /** For so long what waits is looked through, in order of due time: the scheduler knows no ids. */
    private static final Duration SCAN_TIME = Duration.ofMillis(1_500);

    private static final int PAGE = 1_000;
    private static final int MOST_DEAD = 100;

    private final Vertx vertx;
    private final ThisInstance self;
    private final DeadRoutes dead;
    private final Fleetwide fleetwide;
    private final Time time;

    StoryRoutes(Vertx vertx, ThisInstance self, DeadRoutes dead, Fleetwide fleetwide, Time time) {
        this.vertx = vertx;
        this.self = self;
        this.dead = dead;
        this.fleetwide = fleetwide;
        this.time = time;
    }

    /**
     * What is known.
     *
     * @param inMemory where it runs, or waits for a slot
     * @param scheduled where it waits for a time
     * @param done where it was done
     * @param dead where it died, and what was done about it
     * @param notes what was not looked at
     */
    record Story(
            String id,
            List<Sighting> inMemory,
            List<ScheduledItem> scheduled,
            List<Done> done,
            List<DeadItem> dead,
            List<String> notes) {}

    void mount(Router router) {
        router.get("/api/v1/jobs/:id").handler(Answers.json(this::story));
    }

    private Future<Story> story(RoutingContext context) {
        Optional<String> type = Question.query(context).allows("only", "type").text("type");
        return own(context.pathParam("id"), type)
                .compose(mine -> fleetwide
                        .others(context, new TypeReference<Story>() {})
                        .map(replies -> together(mine, replies)));
    }

    private Future<Story> own(String id, Optional<String> type) {
        Future<List<Sighting>> inMemory = self.sightings(id);
        Future<List<Done>> done = self.done(id);
        Future<Scan> scheduled = vertx.executeBlocking(() -> scan(id, type), false);
        Future<DeadPage> byRequest =
                dead.search(filter(Optional.of(id), Optional.empty()), Optional.empty(), MOST_DEAD);
        Future<DeadPage> byText = dead.search(filter(Optional.empty(), Optional.of(id)), Optional.empty(), MOST_DEAD);
        return Future.all(inMemory, done, scheduled, byRequest, byText).map(all -> {
            List<DeadItem> found = new ArrayList<>(byRequest.result().jobs());
            byText.result().jobs().stream()
                    .filter(item -> item.jobId().equals(id) && !found.contains(item))
                    .forEach(found::add);
            return new Story(
                    id,
                    inMemory.result(),
                    scheduled.result().found(),
                    done.result(),
                    found,
                    scheduled.result().notes());
        });
    }

    private Story together(Story mine, List<Fleetwide.Reply<Story>> replies) {
        List<Sighting> inMemory = new ArrayList<>(mine.inMemory());
        List<ScheduledItem> scheduled = new ArrayList<>(mine.scheduled());
        List<Done> done = new ArrayList<>(mine.done());
        List<String> notes = new ArrayList<>(mine.notes());
        for (Fleetwide.Reply<Story> reply : replies) {
            reply.value().ifPresent(story -> {
                inMemory.addAll(story.inMemory());
                scheduled.addAll(story.scheduled());
                done.addAll(story.done());
                notes.addAll(story.notes());
            });
            if (reply.value().isEmpty()) {
                notes.add("Instance " + reply.instance() + " was not asked: " + reply.trouble());
            }
        }
        return new Story(mine.id(), inMemory, scheduled, done, mine.dead(), notes);
    }

    private record Scan(List<ScheduledItem> found, List<String> notes) {}

    private Scan scan(String id, Optional<String> type) {
        WaitingJobs jobs = self.waitingJobs();
        byte[] wanted = id.getBytes(StandardCharsets.UTF_8);
        Predicate<ScheduledItem> isIt =
                item -> item.jobId().equals(id) || item.requestId().equals(id);
        List<ScheduledItem> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        long begun = time.nanos();
        long looked = 0;
        do {
            Optional<WaitingJobs.Page<Optional<ScheduledItem>>> page = jobs.list(
                            type,
                            after,
                            PAGE,
                            waiting -> mentioning(waiting, wanted).filter(isIt))
                    .match(Optional::of, why -> Optional.empty());
            if (page.isEmpty()) {
                return new Scan(found, List.of("What waits for a time on " + self.name() + " cannot be read for now"));
            }
            page.get().items().stream().flatMap(Optional::stream).forEach(found::add);
            looked += page.get().items().size();
            after = page.get().next();
        } while (after.isPresent() && time.nanos() - begun < SCAN_TIME.toNanos());
        String note = "Of what waits for a time on " + self.name() + " only the next " + looked
                + " that are due were looked at; name the job's type to look at those of that type first";
        return new Scan(found, after.isPresent() ? List.of(note) : List.of());
    }

    /** Bytes are compared first: few jobs have to be read. */
    private static Optional<ScheduledItem> mentioning(WaitingJobs.Waiting waiting, byte[] wanted) {
        return mentions(waiting.value().getBytes(), wanted) ? Optional.of(ScheduledItem.of(waiting)) : Optional.empty();
    }

    private static boolean mentions(byte[] value, byte[] wanted) {
        for (int at = 0; at <= value.length - wanted.length; at++) {
            if (value[at] == wanted[0]
                    && Arrays.mismatch(value, at, at + wanted.length, wanted, 0, wanted.length) < 0) {
                return true;
            }
        }
        return false;
    }

    private static DeadJobFilter filter(Optional<String> requestId, Optional<String> text) {
        return new DeadJobFilter(
                Optional.empty(),
                Optional.empty(),
                requestId,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                text,
                Set.of(DeadJobState.values()));
    }
}
