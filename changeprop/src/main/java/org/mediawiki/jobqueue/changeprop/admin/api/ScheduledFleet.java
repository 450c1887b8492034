package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/** The jobs that wait for a time in the whole fleet. Each instance keeps a part of them, so all are asked. */
final class ScheduledFleet {

    private static final String PATH = "/api/v1/scheduled";

    private final Vertx vertx;
    private final ThisInstance self;
    private final Fleetwide fleetwide;

    ScheduledFleet(Vertx vertx, ThisInstance self, Fleetwide fleetwide) {
        this.vertx = vertx;
        this.self = self;
        this.fleetwide = fleetwide;
    }

    /** One page of what waits. */
    Future<ScheduledPage> page(RoutingContext context, Optional<String> type, Optional<String> after, int limit) {
        // Not the request itself: an order asks for the list as well.
        String question = PATH + "?limit=" + limit
                + type.map(text -> "&type=" + encoded(text)).orElse("")
                + after.map(text -> "&after=" + encoded(text)).orElse("") + "&";
        return own(type, after, limit)
                .compose(mine -> fleetwide
                        .others(context, question, new TypeReference<ScheduledPage>() {})
                        .map(replies -> mine.with(told(replies, ScheduledPage::nothing), limit)));
    }

    private Future<ScheduledPage> own(Optional<String> type, Optional<String> after, int limit) {
        return vertx.executeBlocking(
                () -> self.waitingJobs()
                        .list(type, after, limit, ScheduledItem::of)
                        .match(ScheduledPage::of, why -> ScheduledPage.nothing(self.name() + ": " + why)),
                false);
    }

    /** One that waits, in full; fails where it does not. */
    Future<ScheduledJob> read(RoutingContext context, WaitingId id) {
        return vertx.executeBlocking(() -> self.waitingJobs().find(id), false).compose(answer -> {
            Optional<Waiting> found = answer.match(waiting -> waiting, why -> Optional.empty());
            if (found.isPresent()) {
                return Future.succeededFuture(ScheduledJob.of(found.get()));
            }
            return fleetwide
                    .others(context, new TypeReference<ScheduledJob>() {})
                    .map(replies -> replies.stream()
                            .flatMap(reply -> reply.value().stream())
                            .findFirst()
                            .orElseThrow(() -> Refusal.notFound("It does not wait, or not any more")));
        });
    }

    /** Which of {@code ids}, each of them once, wait. */
    Future<ScheduledFound> find(RoutingContext context, Collection<WaitingId> ids) {
        return own(ids).compose(mine -> {
            if (Fleetwide.isForSelf(context)) {
                return Future.succeededFuture(mine);
            }
            return fleetwide
                    .others(context, PATH + "/find?", asked(ids), new TypeReference<ScheduledFound>() {})
                    .map(replies -> mine.with(told(
                                    replies, trouble -> new ScheduledFound(List.of(), List.of(), List.of(trouble))))
                            .ofAsked(ids.size()));
        });
    }

    private Future<ScheduledFound> own(Collection<WaitingId> ids) {
        return vertx.executeBlocking(
                () -> {
                    WaitingJobs jobs = self.waitingJobs();
                    List<String> waiting = new ArrayList<>();
                    List<String> absent = new ArrayList<>();
                    for (WaitingId id : ids) {
                        jobs.find(id)
                                .match(
                                        found -> (found.isPresent() ? waiting : absent).add(id.text()),
                                        keptElsewhere -> false);
                    }
                    return new ScheduledFound(waiting, absent, List.of());
                },
                false);
    }

    private static JsonObject asked(Collection<WaitingId> ids) {
        return new JsonObject()
                .put("ids", new JsonArray(ids.stream().map(WaitingId::text).toList()));
    }

    /** What others say, or for those who do not, what {@code silent} makes of the reason. */
    private static <T> List<T> told(List<Fleetwide.Reply<T>> replies, Function<String, T> silent) {
        return replies.stream()
                .map(reply -> reply.value().orElseGet(() -> silent.apply(reply.instance() + ": " + reply.trouble())))
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
