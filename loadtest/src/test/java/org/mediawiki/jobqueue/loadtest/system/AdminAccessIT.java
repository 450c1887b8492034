package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC section 10: without the token nothing changes; and every change is in the audit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminAccessIT {

    private static final String ALL = new JsonObject()
            .put("filter", new JsonObject().put("type", "Guarded"))
            .encode();

    private final TestBed bed = new TestBed();
    private Service service;
    private Api api;

    @BeforeAll
    void start() {
        bed.createTopics("Guarded");
        bed.runner().on(type("Guarded")).answer(status(400));
        service = bed.start(Setup.plain().withKeys(Api.ADMIN));
        api = Api.of(service);
        bed.produce(new JobEvents(5, Clock.systemUTC()).next(JobShape.of("Guarded")));
        await().atMost(TestBed.PATIENCE).until(() -> dead() == 1);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @Test
    void withoutAGoodTokenNothingChangesAndItIsCounted() {
        List<HttpResponse<String>> answers = List.of(
                api.without().send("POST", "/api/v1/dead/drop", ALL),
                api.with("wrong").send("POST", "/api/v1/dead/drop", ALL),
                api.with(Api.TOKEN + "x").send("POST", "/api/v1/dead/replay", ALL),
                api.with("").send("POST", "/api/v1/scheduled/drop", "{\"type\": \"Guarded\"}"));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
            assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(401);
        });
        assertThat(dead()).isEqualTo(1);
        assertThat(bed.admin(service, "/metrics").body())
                .containsPattern("jobqueue_admin_refused_total [4-9]|jobqueue_admin_refused_total [4-9][.]0");
    }

    @Test
    void anotherSiteCannotUseABrowserThatKnowsTheToken() {
        HttpResponse<String> foreign = api.send("POST", "/api/v1/dead/drop", ALL, "origin", "https://evil.example");
        HttpResponse<String> form = api.send("POST", "/api/v1/dead/drop", ALL, "content-type", "text/plain");

        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(form.statusCode()).isIn(415, 400);
        assertThat(dead()).isEqualTo(1);
    }

    @Test
    void whereNoTokenIsConfiguredNothingCanBeChanged() {
        Service open = bed.start(Setup.plain());
        try {
            Api anybody = Api.of(open);
            HttpResponse<String> refused = anybody.send("POST", "/api/v1/dead/drop", ALL);

            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("admin.token");
            assertThat(anybody.get("/api/v1/session").getBoolean("has_token")).isFalse();
        } finally {
            bed.stop(open);
        }
    }

    @Test
    void readsNeedATokenOnlyWhereTheyAreProtected() {
        Service closed =
                bed.start(Setup.plain().withKeys(Api.ADMIN.replace("port: 0", "port: 0, protect_reads: true")));
        try {
            assertThat(Api.of(closed)
                            .without()
                            .send("GET", "/api/v1/status", "")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(Api.of(closed).send("GET", "/api/v1/status", "").statusCode())
                    .isEqualTo(200);
            assertThat(Api.of(closed).without().send("GET", "/metrics", "").statusCode())
                    .isEqualTo(200);
            assertThat(api.without().send("GET", "/api/v1/status", "").statusCode())
                    .isEqualTo(200);
        } finally {
            bed.stop(closed);
        }
    }

    /** Here it keeps its reads from who has no token; a process that hangs, or a network that is cut, is alike. */
    @Test
    void anInstanceThatDoesNotAnswerIsShownAsItSaidLastThatItIs() {
        Service closed =
                bed.start(Setup.plain().withKeys(Api.ADMIN.replace("port: 0", "port: 0, protect_reads: true")));
        try {
            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                JsonArray fleet = api.without().list("/api/v1/fleet");
                assertThat(fleet).hasSize(2).anySatisfy(one -> {
                    JsonObject silent = (JsonObject) one;
                    assertThat(silent.getJsonArray("troubles").toString())
                            .contains("it does not answer: it answers with 401; shown is what it said ");
                    assertThat(silent.getJsonArray("lanes")).containsExactly("main");
                    assertThat(silent.getString("started")).isNotNull();
                    assertThat(silent.getString("admin")).endsWith(":" + closed.adminPort());
                });
            });
        } finally {
            bed.stop(closed);
        }
    }

    @Test
    void everyChangeIsInTheAuditOfEveryInstanceAndOutlivesThem() {
        JsonObject order = new JsonObject(ALL).put("reason", "for the audit");
        order.getJsonObject("filter").put("type", "Nothing");
        api.as("grace").post("/api/v1/dead/drop", order);

        Service later = bed.start(Setup.plain().withKeys(Api.ADMIN));
        try {
            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                JsonArray records = Api.of(later).list("/api/v1/audit");
                assertThat(records).anySatisfy(one -> {
                    JsonObject record = (JsonObject) one;
                    assertThat(record.getString("by")).isEqualTo("grace");
                    assertThat(record.getString("action")).isEqualTo("dead.drop");
                    assertThat(record.getString("reason")).isEqualTo("for the audit");
                    assertThat(record.getString("detail")).contains("Nothing");
                    assertThat(record.getString("outcome")).contains("0 of 0 done");
                });
            });
        } finally {
            bed.stop(later);
        }
    }

    @Test
    void whatIsNotUnderstoodIsSaid() {
        assertThat(api.send("POST", "/api/v1/dead/drop", "{\"filtre\": {}}").body())
                .contains("Unknown: filtre");
        assertThat(api.send("POST", "/api/v1/dead/drop", "{\"filter\": {\"typ\": \"X\"}}")
                        .body())
                .contains("Unknown: typ");
        assertThat(api.send("POST", "/api/v1/dead/drop", "{}").statusCode()).isEqualTo(400);
        assertThat(api.send("POST", "/api/v1/dead/drop", "nonsense").statusCode())
                .isEqualTo(400);
        assertThat(api.send("GET", "/api/v1/dead?limit=0", "").statusCode()).isEqualTo(400);
        assertThat(api.send("GET", "/api/v1/dead/99-99", "").statusCode()).isEqualTo(404);
        assertThat(api.send("GET", "/api/v1/nothing", "").statusCode()).isEqualTo(404);
        assertThat(api.send("PATCH", "/api/v1/status", "").statusCode()).isEqualTo(405);
    }

    private int dead() {
        return api.get("/api/v1/dead?type=Guarded").getJsonArray("jobs").size();
    }
}
