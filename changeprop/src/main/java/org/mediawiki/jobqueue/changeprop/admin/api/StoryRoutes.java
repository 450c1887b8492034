package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Sighting;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobFilter;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobState;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/**
 * One job's story by {@code meta.id} or request id, as far as it is known: where it is in memory, where it waits, where
 * it died. Jobs that are done leave no trace but in the runner's own log, by the same request id.
 */
final class StoryRoutes {

    /** So many of those that are due next are looked at: the scheduler knows no ids. */
    private static final int MOST_SCHEDULED = 20_000;

    private static final int PAGE = 1_000;
    private static final int MOST_DEAD = 100;

    private final Vertx vertx;
    private final ThisInstance self;
    private final DeadRoutes dead;
    private final Fleetwide fleetwide;

    StoryRoutes(Vertx vertx, ThisInstance self, DeadRoutes dead, Fleetwide fleetwide) {
        this.vertx = vertx;
        this.self = self;
        this.dead = dead;
        this.fleetwide = fleetwide;
    }

    /**
     * What is known.
     *
     * @param inMemory where it runs, or waits for a slot
     * @param scheduled where it waits for a time
     * @param dead where it died, and what was done about it
     * @param notes what was not looked at
     */
    record Story(
            String id,
            List<Sighting> inMemory,
            List<ScheduledRoutes.Item> scheduled,
            List<DeadRoutes.Item> dead,
            List<String> notes) {}

    void mount(Router router) {
        router.get("/api/v1/jobs/:id").handler(Answers.json(this::story));
    }

    private Future<Story> story(RoutingContext context) {
        Question.query(context).allows("only");
        String id = context.pathParam("id");
        return own(id).compose(mine ->
                fleetwide.others(context, new TypeReference<Story>() {}).map(replies -> together(mine, replies)));
    }

    private Future<Story> own(String id) {
        Future<List<Sighting>> inMemory = self.sightings(id);
        Future<Scan> scheduled = vertx.executeBlocking(() -> scan(id), false);
        Future<DeadRoutes.ItemPage> byRequest =
                dead.search(filter(Optional.of(id), Optional.empty()), Optional.empty(), MOST_DEAD);
        Future<DeadRoutes.ItemPage> byText =
                dead.search(filter(Optional.empty(), Optional.of(id)), Optional.empty(), MOST_DEAD);
        return Future.all(inMemory, scheduled, byRequest, byText).map(all -> {
            List<DeadRoutes.Item> found = new ArrayList<>(byRequest.result().jobs());
            byText.result().jobs().stream()
                    .filter(item -> item.jobId().equals(id) && !found.contains(item))
                    .forEach(found::add);
            return new Story(
                    id,
                    inMemory.result(),
                    scheduled.result().found(),
                    found,
                    scheduled.result().notes());
        });
    }

    private Story together(Story mine, List<Fleetwide.Reply<Story>> replies) {
        List<Sighting> inMemory = new ArrayList<>(mine.inMemory());
        List<ScheduledRoutes.Item> scheduled = new ArrayList<>(mine.scheduled());
        List<String> notes = new ArrayList<>(mine.notes());
        for (Fleetwide.Reply<Story> reply : replies) {
            reply.value().ifPresent(story -> {
                inMemory.addAll(story.inMemory());
                scheduled.addAll(story.scheduled());
                notes.addAll(story.notes());
            });
            if (reply.value().isEmpty()) {
                notes.add("Instance " + reply.instance() + " was not asked: " + reply.trouble());
            }
        }
        return new Story(mine.id(), inMemory, scheduled, mine.dead(), notes);
    }

    private record Scan(List<ScheduledRoutes.Item> found, List<String> notes) {}

    /** Bytes are compared first: few jobs have to be read. */
    private Scan scan(String id) {
        WaitingJobs jobs = self.waitingJobs();
        List<ScheduledRoutes.Item> found = new ArrayList<>();
        Predicate<ScheduledRoutes.Item> isIt =
                item -> item.jobId().equals(id) || item.requestId().equals(id);
        Optional<String> after = Optional.empty();
        for (int looked = 0; looked < MOST_SCHEDULED; looked += PAGE) {
            Optional<WaitingJobs.Page> page =
                    jobs.list(Optional.empty(), after, PAGE).match(Optional::of, why -> Optional.empty());
            if (page.isEmpty()) {
                return new Scan(found, List.of("What waits for a time on " + self.name() + " cannot be read for now"));
            }
            page.get().waiting().stream()
                    .filter(waiting -> mentions(waiting, id))
                    .map(ScheduledRoutes::item)
                    .filter(isIt)
                    .forEach(found::add);
            after = page.get().next();
            if (after.isEmpty()) {
                return new Scan(found, List.of());
            }
        }
        String note = "Of what waits for a time on " + self.name() + " only the next " + MOST_SCHEDULED
                + " that are due were looked at";
        return new Scan(found, List.of(note));
    }

    private static boolean mentions(Waiting waiting, String id) {
        return waiting.value().toString().contains(id);
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
