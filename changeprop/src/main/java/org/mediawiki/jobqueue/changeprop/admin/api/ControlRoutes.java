package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.control.Control;
import org.mediawiki.jobqueue.changeprop.control.Knob;
import org.mediawiki.jobqueue.changeprop.control.OperatorOverride;
import org.mediawiki.jobqueue.runner.Time;

/** What operators set in the place of the configuration: limits, rates, pauses. */
final class ControlRoutes {

    private static final String KNOB = "/overrides/:knob";

    private final Vertx vertx;
    private final Control control;
    private final KnobCheck check;
    private final Audited audited;
    private final Time time;

    ControlRoutes(Vertx vertx, Control control, KnobCheck check, Audited audited, Time time) {
        this.vertx = vertx;
        this.control = control;
        this.check = check;
        this.audited = audited;
        this.time = time;
    }

    /**
     * An override.
     *
     * @param scope {@code type} or {@code lane}
     * @param value a number, a rate such as {@code 5/s}, or whether it is paused
     * @param until when the configuration holds again; null: until somebody resets it
     */
    record View(
            String scope,
            String name,
            String knob,
            Object value,
            String by,
            String reason,
            Instant at,
            @Nullable Instant until) {

        static View of(OperatorOverride override) {
            String[] key = override.knob().key().split("/", -1);
            return new View(
                    key[0],
                    key[1],
                    key[2],
                    typed(override.value()),
                    override.by(),
                    override.reason(),
                    override.at(),
                    override.until().orElse(null));
        }

        private static Object typed(String value) {
            if (value.equals("true") || value.equals("false")) {
                return Boolean.valueOf(value);
            }
            return value.matches("[0-9]{1,9}") ? Integer.valueOf(value) : value;
        }
    }

    /**
     * What came of a change.
     *
     * @param override null where there is none any more
     * @param notice what is strange about it, though it was made; null where nothing is
     */
    record Changed(
            boolean dryRun,
            @Nullable View override,
            @Nullable String notice) {}

    void mount(Router router) {
        router.get("/api/v1/overrides").handler(Answers.json(this::list));
        router.put("/api/v1/types/:type" + KNOB).handler(Answers.json(context -> set(context, "type")));
        router.put("/api/v1/lanes/:lane" + KNOB).handler(Answers.json(context -> set(context, "lane")));
        router.delete("/api/v1/types/:type" + KNOB).handler(Answers.json(context -> clear(context, "type")));
        router.delete("/api/v1/lanes/:lane" + KNOB).handler(Answers.json(context -> clear(context, "lane")));
    }

    private Future<List<View>> list(RoutingContext context) {
        Question.query(context).allows();
        return Future.succeededFuture(control.list().stream().map(View::of).toList());
    }

    private Future<Changed> set(RoutingContext context, String scope) {
        Question question = Question.body(context).allows("value", "reason", "for", "until", "dry_run");
        OperatorOverride override = override(context, scope, question);
        boolean dryRun = question.flag("dry_run");
        Future<Optional<String>> notice = check.notice(context, override.knob());
        Future<Void> made = dryRun ? Future.succeededFuture() : set(context, override);
        return made.compose(ignored -> notice).map(found -> new Changed(dryRun, View.of(override), found.orElse(null)));
    }

    private Future<Void> set(RoutingContext context, OperatorOverride override) {
        return audited.change(
                context,
                "override.set",
                override.knob().key(),
                override.value()
                        + override.until().map(until -> " until " + until).orElse(""),
                override.reason(),
                () -> Answers.here(vertx, control.set(override)),
                done -> "in force");
    }

    private Future<Changed> clear(RoutingContext context, String scope) {
        Question question = Question.query(context).allows("reason");
        Knob knob = knob(context, scope);
        String reason = question.reason();
        String by = AdminAccess.operator(context).by();
        return audited.change(
                context,
                "override.clear",
                knob.key(),
                "",
                reason,
                () -> Answers.here(vertx, control.clear(knob, by, reason)).map(new Changed(false, null, null)),
                done -> "the configuration holds again");
    }

    private OperatorOverride override(RoutingContext context, String scope, Question question) {
        Instant now = time.instant();
        Optional<Instant> until = question.duration("for")
                .map(now::plus)
                .or(() -> question.text("until")
                        .map(text -> question.time("until", now).orElseThrow()));
        if (until.isPresent() && !until.get().isAfter(now)) {
            throw Refusal.badRequest("until is over already: " + until.get());
        }
        String value = question.text("value").orElseThrow(() -> Refusal.badRequest("value is missing"));
        try {
            return new OperatorOverride(
                    knob(context, scope), value, AdminAccess.operator(context).by(), question.reason(), now, until);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Knob knob(RoutingContext context, String scope) {
        String setting = context.pathParam("knob");
        String kind = (scope + "_" + setting).toUpperCase(Locale.ROOT);
        for (Knob.Kind known : Knob.Kind.values()) {
            if (known.name().equals(kind)) {
                return named(known, context.pathParam(scope));
            }
        }
        throw Refusal.notFound("A " + scope + " has no knob " + setting + "; types have concurrency, rate and paused,"
                + " lanes have paused");
    }

    private static Knob named(Knob.Kind kind, String name) {
        try {
            return new Knob(kind, name);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
