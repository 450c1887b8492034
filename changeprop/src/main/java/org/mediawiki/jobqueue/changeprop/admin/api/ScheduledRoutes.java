package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;

/** Jobs that wait for a time: list, read, run now, drop. */
final class ScheduledRoutes {

    private static final int USUAL_PAGE = 100;
    private static final int MOST_PER_PAGE = 1_000;
    private static final long ORDER_PATIENCE_SECONDS = 20;

    private final ThisInstance self;
    private final ScheduledFleet fleet;
    private final Audited audited;

    ScheduledRoutes(ThisInstance self, ScheduledFleet fleet, Audited audited) {
        this.self = self;
        this.fleet = fleet;
        this.audited = audited;
    }

    void mount(Router router) {
        router.get("/api/v1/scheduled").handler(Answers.json(this::list));
        router.get("/api/v1/scheduled/:id").handler(Answers.json(this::read));
        router.post("/api/v1/scheduled/find").handler(Answers.json(this::find));
        router.post("/api/v1/scheduled/run").handler(Answers.json(context -> order(context, ScheduledOrder.Kind.RUN)));
        router.post("/api/v1/scheduled/drop")
                .handler(Answers.json(context -> order(context, ScheduledOrder.Kind.DROP)));
    }

    private Future<ScheduledPage> list(RoutingContext context) {
        Question question = Question.query(context).allows("type", "after", "limit", "only");
        int limit = question.limit(USUAL_PAGE, MOST_PER_PAGE);
        return fleet.page(context, question.text("type"), question.after(), limit);
    }

    private Future<ScheduledJob> read(RoutingContext context) {
        Question.query(context).allows("only");
        return fleet.read(context, id(context.pathParam("id")));
    }

    private Future<ScheduledFound> find(RoutingContext context) {
        return fleet.find(context, ids(Question.body(context).allows("ids", "only")));
    }

    /**
     * What an order is about.
     *
     * @param waiting those that wait
     * @param subject of the audit: all of this type; empty where ids were named
     * @param unable ids that do not wait
     */
    private record Chosen(
            List<WaitingId> waiting,
            String subject,
            long unable,
            List<String> troubles,
            @Nullable String next) {}

    private Future<ScheduledResult> order(RoutingContext context, ScheduledOrder.Kind kind) {
        Question question = Question.body(context).allows("ids", "type", "dry_run", "after", "reason");
        ScheduledOrder order = new ScheduledOrder(kind, question.flag("dry_run"), question.reason());
        List<WaitingId> ids = ids(question);
        Optional<String> type = question.text("type");
        if (ids.isEmpty() == type.isEmpty()) {
            throw Refusal.badRequest("Say which: either ids, or a type");
        }
        Future<Chosen> chosen = type.isPresent()
                ? fleet.page(context, type, question.after(), MOST_PER_PAGE).map(page -> ofType(type.get(), page))
                : fleet.find(context, ids).map(ScheduledRoutes::ofIds);
        return chosen.compose(these -> carryOut(context, order, these));
    }

    private static Chosen ofType(String type, ScheduledPage page) {
        List<WaitingId> waiting =
                page.jobs().stream().map(item -> id(item.id())).toList();
        return new Chosen(waiting, type, 0, page.troubles(), page.next());
    }

    private static Chosen ofIds(ScheduledFound found) {
        List<WaitingId> waiting =
                found.waiting().stream().map(ScheduledRoutes::id).toList();
        return new Chosen(waiting, "", found.absent().size(), found.troubles(), null);
    }

    private Future<ScheduledResult> carryOut(RoutingContext context, ScheduledOrder order, Chosen chosen) {
        int done = chosen.waiting().size();
        ScheduledResult result = new ScheduledResult(
                order.dryRun(), done + chosen.unable(), done, chosen.unable(), chosen.troubles(), chosen.next());
        if (order.dryRun() || done == 0) {
            return Future.succeededFuture(result);
        }
        return audited.change(
                context,
                order.action(),
                done + " scheduled jobs",
                chosen.subject(),
                order.reason(),
                () -> send(order.kind(), chosen.waiting()).map(result),
                ScheduledResult::summary);
    }

    private Future<Void> send(ScheduledOrder.Kind kind, List<WaitingId> ids) {
        WaitingJobs jobs = self.waitingJobs();
        return (kind == ScheduledOrder.Kind.RUN ? jobs.runNow(ids) : jobs.drop(ids))
                .timeout(ORDER_PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static List<WaitingId> ids(Question question) {
        return question.texts("ids").stream()
                .map(ScheduledRoutes::id)
                .distinct()
                .toList();
    }

    private static WaitingId id(String text) {
        return WaitingId.parse(text).orElseThrow(() -> Refusal.badRequest("No id of a scheduled job: " + text));
    }
}
