package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.event.Decoded;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RetryEvent;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/** Jobs that wait for a time: list, read, run now, drop. Each instance keeps a part of them, so all are asked. */
final class ScheduledRoutes {

    private static final int USUAL_PAGE = 100;
    private static final int MOST_PER_PAGE = 1_000;
    private static final long ORDER_PATIENCE_SECONDS = 20;

    private final Vertx vertx;
    private final ThisInstance self;
    private final Fleetwide fleetwide;
    private final Audited audited;

    ScheduledRoutes(Vertx vertx, ThisInstance self, Fleetwide fleetwide, Audited audited) {
        this.vertx = vertx;
        this.self = self;
        this.fleetwide = fleetwide;
        this.audited = audited;
    }

    /**
     * One that waits.
     *
     * @param reason {@code delay}, {@code retry}, {@code hold} or {@code overflow}
     * @param failure why its last attempt failed; empty where none did
     */
    record Item(
            String id,
            Instant due,
            String reason,
            String type,
            String wiki,
            String jobId,
            String requestId,
            String failure) {}

    /**
     * A page, in order of due time.
     *
     * @param troubles instances that could not be asked: what they keep is missing
     */
    record ItemPage(
            List<Item> jobs,
            List<String> troubles,
            @Nullable String next) {}

    /** One in full. */
    record Whole(Item job, String topic, @Nullable JsonNode event) {}

    /** What came of an order, and where to go on; null at the end. */
    record Result(
            boolean dryRun,
            long matched,
            long done,
            List<String> troubles,
            @Nullable String next) {}

    private enum Command {
        RUN,
        DROP
    }

    void mount(Router router) {
        router.get("/api/v1/scheduled").handler(Answers.json(this::list));
        router.get("/api/v1/scheduled/:id").handler(Answers.json(this::read));
        router.post("/api/v1/scheduled/run").handler(Answers.json(context -> order(context, Command.RUN)));
        router.post("/api/v1/scheduled/drop").handler(Answers.json(context -> order(context, Command.DROP)));
    }

    private Future<ItemPage> list(RoutingContext context) {
        Question question = Question.query(context).allows("type", "after", "limit", "only");
        return page(context, question.text("type"), question.text("after"), question.limit(USUAL_PAGE, MOST_PER_PAGE));
    }

    /** One page of the fleet's. */
    private Future<ItemPage> page(RoutingContext context, Optional<String> type, Optional<String> after, int limit) {
        // Not the request itself: an order asks for the list as well.
        String question = "/api/v1/scheduled?limit=" + limit
                + type.map(text -> "&type=" + encoded(text)).orElse("")
                + after.map(text -> "&after=" + encoded(text)).orElse("") + "&";
        return own(type, after, limit)
                .compose(mine -> fleetwide
                        .others(context, question, new TypeReference<ItemPage>() {})
                        .map(replies -> together(mine, replies, limit)));
    }

    private Future<ItemPage> own(Optional<String> type, Optional<String> after, int limit) {
        return vertx.executeBlocking(
                () -> self.waitingJobs()
                        .list(type, after, limit)
                        .match(
                                page -> new ItemPage(
                                        page.waiting().stream()
                                                .map(ScheduledRoutes::item)
                                                .toList(),
                                        List.of(),
                                        page.next().orElse(null)),
                                why -> new ItemPage(List.of(), List.of(self.name() + ": " + why), null)),
                false);
    }

    private static ItemPage together(ItemPage mine, List<Fleetwide.Reply<ItemPage>> replies, int limit) {
        List<Item> items = new ArrayList<>(mine.jobs());
        List<String> troubles = new ArrayList<>(mine.troubles());
        boolean more = mine.next() != null;
        for (Fleetwide.Reply<ItemPage> reply : replies) {
            Optional<ItemPage> page = reply.value();
            page.ifPresent(p -> items.addAll(p.jobs()));
            page.ifPresent(p -> troubles.addAll(p.troubles()));
            if (page.isEmpty()) {
                troubles.add(reply.instance() + ": " + reply.trouble());
            }
            more |= page.map(p -> p.next() != null).orElse(false);
        }
        items.sort(Comparator.comparing(Item::due).thenComparing(Item::id));
        List<Item> page = List.copyOf(items.subList(0, Math.min(limit, items.size())));
        boolean goesOn = !page.isEmpty() && (more || items.size() > limit);
        return new ItemPage(page, troubles, goesOn ? page.get(page.size() - 1).id() : null);
    }

    private Future<Whole> read(RoutingContext context) {
        Question.query(context).allows("only");
        WaitingId id = id(context.pathParam("id"));
        return vertx.executeBlocking(() -> self.waitingJobs().find(id), false).compose(answer -> {
            Optional<Waiting> found = answer.match(waiting -> waiting, why -> Optional.empty());
            if (found.isPresent()) {
                return Future.succeededFuture(whole(found.get()));
            }
            return fleetwide
                    .others(context, new TypeReference<Whole>() {})
                    .map(replies -> replies.stream()
                            .flatMap(reply -> reply.value().stream())
                            .findFirst()
                            .orElseThrow(() -> Refusal.notFound("It does not wait, or not any more")));
        });
    }

    private Future<Result> order(RoutingContext context, Command command) {
        Question question = Question.body(context).allows("ids", "type", "dry_run", "after", "reason");
        boolean dryRun = question.flag("dry_run");
        List<WaitingId> ids =
                question.texts("ids").stream().map(ScheduledRoutes::id).toList();
        Optional<String> type = question.text("type");
        if (ids.isEmpty() == type.isEmpty()) {
            throw Refusal.badRequest("Say which: either ids, or a type");
        }
        if (type.isEmpty()) {
            return carryOut(context, command, ids, "", dryRun, question, new ItemPage(List.of(), List.of(), null));
        }
        return page(context, type, question.text("after"), MOST_PER_PAGE).compose(page -> {
            List<WaitingId> found =
                    page.jobs().stream().map(item -> id(item.id())).toList();
            return carryOut(context, command, found, type.get(), dryRun, question, page);
        });
    }

    private Future<Result> carryOut(
            RoutingContext context,
            Command command,
            Collection<WaitingId> ids,
            String type,
            boolean dryRun,
            Question question,
            ItemPage page) {
        Result result = new Result(dryRun, ids.size(), ids.size(), page.troubles(), page.next());
        if (dryRun || ids.isEmpty()) {
            return Future.succeededFuture(result);
        }
        WaitingJobs jobs = self.waitingJobs();
        return audited.change(
                context,
                "scheduled." + command.name().toLowerCase(Locale.ROOT),
                ids.size() + " scheduled jobs",
                type,
                question.text("reason").orElse(""),
                () -> (command == Command.RUN ? jobs.runNow(ids) : jobs.drop(ids))
                        .timeout(ORDER_PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .map(result),
                done -> done.done() + " ordered" + (done.next() == null ? "" : "; goes on"));
    }

    /** What it holds is a retry event; what cannot be read is listed all the same. */
    static Item item(Waiting waiting) {
        Optional<RetryEvent> retry = retry(waiting);
        Optional<JobEvent> event = retry.map(RetryEvent::job);
        return new Item(
                waiting.id().text(),
                waiting.due(),
                waiting.reason().name().toLowerCase(Locale.ROOT),
                waiting.id().type(),
                event.map(JobEvent::wiki).orElse(""),
                event.map(JobEvent::id).orElse(""),
                event.map(JobEvent::requestId).orElse(""),
                reason(waiting.value(), retry));
    }

    private static Whole whole(Waiting waiting) {
        return new Whole(
                item(waiting),
                waiting.topic(),
                retry(waiting).map(retry -> json(retry.jobBytes())).orElse(null));
    }

    private static Optional<RetryEvent> retry(Waiting waiting) {
        Decoded<RetryEvent> decoded = new EventDecoder().retry(waiting.value().getBytes());
        return decoded.match(Optional::of, why -> Optional.empty());
    }

    private static String reason(Buffer value, Optional<RetryEvent> retry) {
        JsonNode json = retry.filter(event -> !event.waited()).isPresent() ? json(value) : null;
        return json == null ? "" : json.path("reason").asText("");
    }

    private static @Nullable JsonNode json(Buffer bytes) {
        try {
            return Json.MAPPER.readTree(bytes.getBytes());
        } catch (IOException nestedTooDeep) {
            return null;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static WaitingId id(String text) {
        return WaitingId.parse(text).orElseThrow(() -> Refusal.badRequest("No id of a scheduled job: " + text));
    }
}
