package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.mediawiki.jobqueue.changeprop.admin.console.ConsoleFiles;

/** The console before a made-up fleet in a bad hour: as large as one likes, the same each time, with a past. */
final class Showcase implements AutoCloseable {

    private static final List<String> NAMES = List.of(
            "refreshLinks",
            "htmlCacheUpdate",
            "cdnPurge",
            "categoryMembershipChange",
            "recentChangesUpdate",
            "wikibase-addUsagesForPage",
            "cirrusSearchElasticaWrite",
            "cirrusSearchLinksUpdate",
            "RecordLintJob",
            "ThumbnailRender",
            "AssembleUploadChunks",
            "PublishStashedFile",
            "EchoNotificationJob",
            "LocalRenameUserJob",
            "flaggedrevs_CacheUpdate",
            "globalUsageCachePurge",
            "MassMessageJob",
            "DispatchChanges",
            "EntityChangeNotification",
            "processMediaModeration",
            "webVideoTranscode",
            "UpdateRepoOnMove",
            "TTMServerMessageUpdateJob",
            "CognateCacheUpdateJob",
            "parsoidCachePrewarm",
            "deleteLinks",
            "doubleRedirect",
            "BounceHandlerJob",
            "renameUser",
            "sendMail");

    private static final List<Integer> LIMITS = List.of(240, 40, 60, 200, 20, 100, 60, 30, 20);
    private static final int POINTS = 360;

    private final Vertx vertx = Vertx.vertx();
    private final Random random = new Random(42);
    private final Instant now = Clock.systemUTC().instant();
    private final JsonArray types;
    private final int heldWikis;
    private final HttpServer server;

    /** Written by the test, read by the server. */
    private volatile boolean hidesSession;

    Showcase(int count) {
        this(count, 2);
    }

    private Showcase(int count, int heldWikis) {
        this.types =
                new JsonArray(IntStream.range(0, count).mapToObj(this::type).toList());
        this.heldWikis = heldWikis;
        Router router = Router.router(vertx);
        new ConsoleFiles().mount(router);
        answer(router, "status", this::status);
        answer(router, "history", this::sparks);
        router.get("/api/v1/session").handler(this::tellSession);
        answer(router, "overrides", this::overrides);
        answer(router, "dead/summary", Showcase::summary);
        router.post("/api/v1/dead/drop").handler(context -> tell(context, Showcase::dropped));
        answer(router, "dead", this::dead);
        answer(router, "scheduled", this::scheduled);
        answer(router, "types/:type/history", this::past);
        this.server = vertx.createHttpServer().requestHandler(router);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    /** Of one type, of which a few attempts fail, and nothing needs a look. */
    static Showcase calm() {
        return new Showcase(1, 0);
    }

    String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Whether it fails to say who may change anything. */
    void hideSession(boolean hides) {
        hidesSession = hides;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private interface Told {
        Object now();
    }

    private static void answer(Router router, String path, Told told) {
        router.get("/api/v1/" + path).handler(context -> tell(context, told));
    }

    private static void tell(RoutingContext context, Told told) {
        context.response()
                .putHeader("content-type", "application/json")
                .end(told.now().toString());
    }

    private JsonObject type(int i) {
        String name = i < NAMES.size() ? NAMES.get(i) : NAMES.get(i % NAMES.size()) + "-" + i;
        boolean own = i < LIMITS.size();
        int limit = own ? LIMITS.get(i) : 50;
        double busy = i == 5 ? 0 : Math.pow(random.nextDouble(), 2) * limit * 0.9;
        boolean failing = i == 1;
        boolean dying = i == 8;
        long hour = failing ? 2_100 : Math.round(busy * 900);
        long dead = failing ? 1_204 : dying ? 3 : 0;
        JsonObject use = new JsonObject()
                .put("running", failing ? 2 : Math.round(busy))
                .put("waiting", Math.round(busy / 3))
                .put("backlog", i == 6 ? 18_300 : Math.round(busy * 3))
                .put("backlog_seconds", i == 6 ? 940 : busy / 10)
                .put("scheduled", Math.round(busy * random.nextDouble() * 9))
                .put("dead", dead)
                .put("oldest_attempt_seconds", busy / 20)
                .put("held", false);
        long failed = Math.round(hour * 0.002);
        return new JsonObject()
                .put("lane", name.startsWith("webVideo") ? "videoscaler" : "main")
                .put("type", name)
                .put(
                        "limits",
                        new JsonObject()
                                .put("pool", own ? name : "low_traffic_jobs")
                                .put("concurrency", limit)
                                .put("rate", i == 4 ? 5 : null)
                                .put("per_wiki", null)
                                .put("per_section", i == 0 ? 30 : null)
                                .put("priority", 0)
                                .put("paused", i == 5)
                                .put("timeout_seconds", 1210)
                                .put("retries", 2))
                .put("use", use)
                .put("breaker", breaker(i == 7, failing))
                .put("minute", window(failing ? 0 : hour / 60, failed / 60, failing ? 96 : 0))
                .put("hour", window(hour, failed, dead))
                .put(
                        "statuses",
                        failing
                                ? new JsonObject().put("done 200", hour).put("dead 400", dead)
                                : new JsonObject().put("done 200", hour).put("retry 503", failed));
    }

    private JsonObject breaker(boolean open, boolean failing) {
        JsonArray errors = new JsonArray();
        for (int i = 0; i < (open ? 3 : failing ? 2 : 0); i++) {
            errors.add(new JsonObject()
                    .put("at", now.minusSeconds(200L - 9L * i).toString())
                    .put("status", open ? 503 : 500)
                    .put("message", open ? "Service Unavailable" : "Cannot access the database"));
        }
        return new JsonObject()
                .put("phase", open ? "open" : "closed")
                .put("reason", open ? "12 of 20 calls failed within 60 s, the last one with 503" : "")
                .put("since", now.minusSeconds(190).toString())
                .put("errors", errors);
    }

    private static JsonObject window(long done, long failed, long dead) {
        return new JsonObject()
                .put("done", done)
                .put("failed", failed)
                .put("dead", dead)
                .put("held", 0)
                .put("seconds", (done + failed + dead) * 0.43)
                .put("delay_seconds", done * 0.9)
                .put("started", done);
    }

    private JsonObject status() {
        JsonArray instances = new JsonArray();
        for (int i = 0; i < 3; i++) {
            instances.add(new JsonObject()
                    .put("instance", "mw-jobqueue-7d9f-" + i)
                    .put("version", "0.1.0")
                    .put("started", now.minusSeconds(8_100 - 40L * i).toString())
                    .put("admin", null)
                    .put("lanes", new JsonArray(i == 2 ? List.of("videoscaler") : List.of("main")))
                    .put("running", 210 + i)
                    .put("troubles", new JsonArray()));
        }
        return new JsonObject()
                .put("at", now.toString())
                .put("service", "cpjobqueue")
                .put("dc", "eqiad")
                .put("answered_by", "mw-jobqueue-7d9f-0")
                .put("instances", instances)
                .put(
                        "lanes",
                        new JsonArray()
                                .add(lane("main", "mw-jobrunner", heldWikis))
                                .add(lane("videoscaler", "mw-videoscaler", 0)))
                .put("types", types);
    }

    private JsonObject lane(String name, String target, int heldWikis) {
        return new JsonObject()
                .put("lane", name)
                .put("target", target)
                .put("uri", "https://" + target + ".discovery.wmnet:4448/rpc/RunSingleJob.php")
                .put("concurrency", null)
                .put("running", 310)
                .put("held_wikis", heldWikis)
                .put("delayed", 0)
                .put("breaker", breaker(false, false))
                .put("unready", "");
    }

    private JsonObject sparks() {
        JsonObject ended = new JsonObject();
        JsonObject failed = new JsonObject();
        types.forEach(one -> {
            JsonObject type = (JsonObject) one;
            String key = type.getString("lane") + "/" + type.getString("type");
            long hour = type.getJsonObject("hour").getLong("done");
            boolean failing = type.getString("type").equals("htmlCacheUpdate");
            ended.put(
                    key,
                    new JsonArray(IntStream.range(0, 30)
                            .mapToObj(i -> failing && i > 21 ? 1L : wave(hour / 30.0, i))
                            .toList()));
            failed.put(
                    key,
                    new JsonArray(IntStream.range(0, 30)
                            .mapToObj(i -> failing && i > 21 ? 150L : Math.round(hour * 0.00006 * random.nextDouble()))
                            .toList()));
        });
        return new JsonObject()
                .put("until", now.toString())
                .put("step_seconds", 120)
                .put("ended", ended)
                .put("failed", failed);
    }

    private long wave(double mean, int i) {
        return Math.round(mean * (0.8 + 0.25 * Math.sin(i / 4.0) + 0.25 * random.nextDouble()));
    }

    private JsonObject past() {
        long last = Clock.systemUTC().instant().getEpochSecond() / 10;
        JsonArray points = new JsonArray();
        for (int i = 0; i < POINTS; i++) {
            boolean bad = i > POINTS * 3 / 4;
            long done = bad ? 0 : Math.round(9 + 4 * Math.sin(i / 40.0) + 2 * random.nextDouble());
            points.add(new JsonObject()
                    .put("step", last - POINTS + 1 + i)
                    .put("window", window(done, random.nextInt(40) == 0 ? 1 : 0, bad ? 15 : 0))
                    .put("running", bad ? 2 : done / 2)
                    .put("waiting", bad ? 0 : done / 3)
                    .put("backlog", bad ? 4 : done));
        }
        return new JsonObject()
                .put("type", "htmlCacheUpdate")
                .put("step_seconds", 10)
                .put("points", points);
    }

    private void tellSession(RoutingContext context) {
        if (hidesSession) {
            context.response().setStatusCode(503).end("{}");
        } else {
            tell(context, Showcase::session);
        }
    }

    private static JsonObject session() {
        return new JsonObject()
                .put("instance", "mw-jobqueue-7d9f-0")
                .put("has_token", true)
                .put("may_change", true)
                .put("protects_reads", false)
                .put("targets", new JsonArray().add("mw-jobrunner").add("mw-debug"));
    }

    private JsonArray overrides() {
        return new JsonArray()
                .add(override("wikibase-addUsagesForPage", "paused", true, "T377120: replication lag on s8", 5_300))
                .add(override("cirrusSearchLinksUpdate", "paused", false, "its index is there again", 0))
                .add(override("refreshLinks", "concurrency", 240, "catch up after the switchover", 0));
    }

    private JsonObject override(String type, String knob, Object value, String reason, int seconds) {
        return new JsonObject()
                .put("scope", "type")
                .put("name", type)
                .put("knob", knob)
                .put("value", value)
                .put("by", "ada")
                .put("reason", reason)
                .put("at", now.minusSeconds(1_900).toString())
                .put("until", seconds == 0 ? null : now.plusSeconds(seconds).toString());
    }

    private static JsonObject summary() {
        return new JsonObject()
                .put("count", 1_207)
                .put("by_type", new JsonObject().put("htmlCacheUpdate", 1_204).put("RecordLintJob", 3))
                .put("by_status", new JsonObject().put("400", 1_204).put("500", 3))
                .put(
                        "by_wiki",
                        new JsonObject().put("enwiki", 700).put("dewiki", 300).put("commonswiki", 207));
    }

    /** A page of an order that has no end: so many jobs are dead. */
    private static JsonObject dropped() {
        return new JsonObject().put("matched", 100).put("done", 100).put("next", "more");
    }

    private JsonObject dead() {
        JsonArray jobs = new JsonArray();
        List<String> wikis = List.of("enwiki", "dewiki", "commonswiki", "frwiki");
        for (int i = 0; i < 12; i++) {
            jobs.add(new JsonObject()
                    .put("id", i % 3 + "-" + (1_200 + i))
                    .put("at", now.minusMillis(7_300L * i).toString())
                    .put("type", "htmlCacheUpdate")
                    .put("wiki", wikis.get(i % 4))
                    .put("job_id", "0ab1c2d3-7e1a-11ef-8a3b-2b1d4a1a0c" + (10 + i))
                    .put("request_id", "f0e1d2c3-4b5a-6978-8796-a5b4c3d2e1f0")
                    .put("status", 400)
                    .put("message", "The runner answered 400: Invalid parameter \"table\"")
                    .put("bytes", 1_530)
                    .put("state", "dead"));
        }
        return new JsonObject()
                .put("jobs", jobs)
                .put("since", null)
                .put("complete", true)
                .put("next", "more");
    }

    private JsonObject scheduled() {
        JsonArray jobs = new JsonArray();
        for (int i = 0; i < 5; i++) {
            jobs.add(new JsonObject()
                    .put("id", "AAAA" + i)
                    .put(
                            "due",
                            now.plusSeconds(TimeUnit.MINUTES.toSeconds(i + 1L)).toString())
                    .put("reason", i % 2 == 0 ? "delay" : "retry")
                    .put("type", "htmlCacheUpdate")
                    .put("wiki", "enwiki")
                    .put("job_id", "x")
                    .put("request_id", "f0e1d2c3-4b5a-6978-8796-a5b4c3d2e1f0")
                    .put("failure", i % 2 == 0 ? "" : "The runner answered 503"));
        }
        return new JsonObject()
                .put("jobs", jobs)
                .put("troubles", new JsonArray())
                .put("next", null);
    }
}
