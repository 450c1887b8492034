package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Trial;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.TrialJob;
import org.mediawiki.jobqueue.changeprop.dead.DeadJob;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobFilter;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobId;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.dead.Order;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.TriggeredBy;
import org.mediawiki.jobqueue.runner.Time;

/** Dead jobs: search, read, replay, try elsewhere, drop. */
final class DeadRoutes {

    private static final String[] SEARCH = {
        "type", "wiki", "request_id", "status", "from", "to", "text", "state", "after", "limit"
    };
    private static final String[] SUMMARY = {"type", "wiki", "request_id", "status", "from", "to", "text", "state"};
    private static final String[] ORDER = {"ids", "filter", "dry_run", "after", "reason"};
    private static final String[] ORDER_FILTER = {"type", "wiki", "request_id", "status", "from", "to", "text"};
    private static final int USUAL_PAGE = 100;
    private static final int MOST_PER_PAGE = 1_000;

    private final Vertx vertx;
    private final ThisInstance self;
    private final DeadJobs dead;
    private final Audited audited;
    private final Time time;

    DeadRoutes(Vertx vertx, ThisInstance self, DeadJobs dead, Audited audited, Time time) {
        this.vertx = vertx;
        this.self = self;
        this.dead = dead;
        this.audited = audited;
        this.time = time;
    }

    void mount(Router router) {
        router.get("/api/v1/dead").handler(Answers.json(this::search));
        router.get("/api/v1/dead/summary").handler(Answers.json(this::summary));
        router.get("/api/v1/dead/:id").handler(Answers.json(this::read));
        router.post("/api/v1/dead/replay").handler(Answers.json(context -> order(context, Order.Kind.REPLAY)));
        router.post("/api/v1/dead/drop").handler(Answers.json(context -> order(context, Order.Kind.DROP)));
        router.post("/api/v1/dead/:id/try").handler(Answers.json(this::tryOn));
    }

    /** A page of those that match; used by a job's story as well. */
    Future<DeadPage> search(DeadJobFilter filter, Optional<String> after, int limit) {
        return vertx.executeBlocking(() -> DeadPage.of(dead.search(filter, after, limit)), false);
    }

    private Future<DeadPage> search(RoutingContext context) {
        Question question = Question.query(context).allows(SEARCH);
        return search(question.filter(time.instant()), question.after(), question.limit(USUAL_PAGE, MOST_PER_PAGE));
    }

    private Future<DeadSummary> summary(RoutingContext context) {
        DeadJobFilter filter = Question.query(context).allows(SUMMARY).filter(time.instant());
        return vertx.executeBlocking(
                () -> {
                    Map<String, Long> byType = dead.count(filter, DeadJob::type);
                    long all =
                            byType.values().stream().mapToLong(Long::longValue).sum();
                    Map<String, Long> byStatus = dead.count(filter, DeadSummary::statusOf);
                    return new DeadSummary(all, byType, byStatus, dead.count(filter, DeadJob::wiki));
                },
                false);
    }

    private Future<WholeDeadJob> read(RoutingContext context) {
        return open(context).map(WholeDeadJob::of);
    }

    private Future<DeadJobs.Opened> open(RoutingContext context) {
        DeadJobId id = Question.deadJobId(context.pathParam("id"));
        return Answers.here(vertx, dead.open(List.of(id)))
                .map(found -> found.stream()
                        .findFirst()
                        .orElseThrow(() -> Refusal.notFound("Dead job " + id + " has expired, or never was")));
    }

    private Future<DeadResult> order(RoutingContext context, Order.Kind kind) {
        Question question = Question.body(context).allows(ORDER);
        boolean dryRun = question.flag("dry_run");
        String reason = question.reason();
        Order order = new Order(kind, dryRun, AdminAccess.operator(context).by(), reason);
        List<DeadJobId> ids =
                question.texts("ids").stream().map(Question::deadJobId).toList();
        Optional<Question> filter = question.part("filter");
        if (ids.isEmpty() == filter.isEmpty()) {
            throw Refusal.badRequest("Say which: either ids, or a filter; {} is every dead job");
        }
        CompletableWork work = filter.isPresent()
                ? sweep(filter.get(), question.after(), order)
                : () -> dead.carryOut(ids, order)
                        .thenApply(outcome -> DeadResult.of(dryRun, ids.size(), outcome, null));
        String subject = filter.isPresent() ? "dead jobs" : ids.size() + " dead jobs";
        String detail =
                filter.map(Question::asText).orElse(ids.size() == 1 ? ids.get(0).text() : "");
        if (dryRun) {
            return Answers.here(vertx, work.run());
        }
        String action = "dead." + kind.name().toLowerCase(Locale.ROOT);
        return audited.change(
                context, action, subject, detail, reason, () -> Answers.here(vertx, work.run()), DeadResult::summary);
    }

    private interface CompletableWork {
        CompletableFuture<DeadResult> run();
    }

    private CompletableWork sweep(Question filter, Optional<String> after, Order order) {
        DeadJobFilter wanted = filter.allows(ORDER_FILTER).filter(time.instant());
        return () -> dead.sweep(wanted, order, after)
                .thenApply(swept -> DeadResult.of(
                        order.dryRun(),
                        swept.scanned(),
                        swept.outcome(),
                        swept.next().orElse(null)));
    }

    private Future<Trial> tryOn(RoutingContext context) {
        Question question = Question.body(context).allows("target", "reason");
        String reason = question.reason();
        String target = question.text("target")
                .orElseThrow(() -> Refusal.badRequest("target is missing: one of " + self.targets()));
        if (!self.targets().contains(target)) {
            throw Refusal.badRequest("No target " + target + "; configured are " + self.targets());
        }
        return open(context).compose(opened -> {
            JobEvent event = opened.record()
                    .event()
                    .orElseThrow(() -> new Refusal(409, "It cannot be run", "The record holds no job"));
            TrialJob job = new TrialJob(
                    event.type(),
                    event.wiki(),
                    event.domain(),
                    event.requestId(),
                    TriggeredBy.first(event),
                    opened.record().raw());
            return audited.change(
                    context,
                    "dead.try",
                    "dead job " + opened.record().job().id().text(),
                    "on " + target,
                    reason,
                    () -> self.tryOn(target, job).orElseThrow(() -> Refusal.badRequest("No target " + target)),
                    trial -> trial.outcome() + " " + trial.status());
        });
    }
}
