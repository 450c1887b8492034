package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/** Dead jobs over the admin API of a fleet of two: found, read, replayed once by whoever asks, tried elsewhere, dropped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeadJobsIT {

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(11, Clock.systemUTC());
    private Api ada;
    private Api bob;

    @BeforeAll
    void start() {
        bed.createTopics("Twice", "Tried", "Dropped", "Searched");
        Setup setup = Setup.plain().withKeys(Api.ADMIN);
        Service first = bed.start(setup);
        Service second = bed.start(setup);
        ada = Api.of(first).as("ada");
        bob = Api.of(second).as("bob");
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @Test
    void whoeverReplaysAtTheSameTimeEachJobRunsOnceMore() {
        List<JobEvent> jobs = die("Twice", 40, 400);
        bed.runner().on(type("Twice")).answer(ok());
        JsonObject order = order("Twice").put("reason", "fixed");

        CompletableFuture<JsonObject> one =
                CompletableFuture.supplyAsync(() -> ada.post("/api/v1/dead/replay", order), TestBed.ownThreads());
        CompletableFuture<JsonObject> other =
                CompletableFuture.supplyAsync(() -> bob.post("/api/v1/dead/replay", order), TestBed.ownThreads());

        assertThat(one.join().getInteger("done") + other.join().getInteger("done"))
                .isEqualTo(40);
        jobs.forEach(job -> bed.awaitRequests(job, 2));
        assertThat(bob.get("/api/v1/dead?type=Twice").getJsonArray("jobs")).isEmpty();
        assertThat(ada.get("/api/v1/dead?type=Twice&state=replayed").getJsonArray("jobs"))
                .hasSize(40);
        assertThat(ada.post("/api/v1/dead/replay", order).getInteger("matched")).isZero();
        bed.awaitCommitted(bed.group(), List.of(bed.retryTopic("Twice")));
        assertThat(jobs).allSatisfy(job -> {
            List<RecordedRequest> requests = bed.runner().ledger().requests(job.id());
            assertThat(requests)
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.wire().body()).isEqualTo(job.bytes()));
        });
    }

    @Test
    void aDryRunCountsAndChangesNothing() {
        List<JobEvent> jobs = die("Searched", 5, 404);
        JsonObject order = order("Searched").put("dry_run", true);

        JsonObject told = ada.post("/api/v1/dead/replay", order);

        assertThat(told.getInteger("done")).isEqualTo(5);
        assertThat(ada.get("/api/v1/dead?type=Searched").getJsonArray("jobs")).hasSize(5);
        assertThat(bed.runner().ledger().requests(jobs.get(0).id())).hasSize(1);
        JsonObject job = jobs.get(0).bytes().toJsonObject();
        String requestId = job.getJsonObject("meta").getString("request_id");
        assertThat(ids(ada.get("/api/v1/dead?state=any&request_id=" + requestId)))
                .containsAnyElementsOf(ids(ada.get("/api/v1/dead?type=Searched")));
        assertThat(ids(ada.get("/api/v1/dead?type=Searched&text=" + jobs.get(1).id())))
                .hasSize(1);
        assertThat(ids(ada.get("/api/v1/dead?type=Searched&status=400"))).isEmpty();
        assertThat(ids(ada.get("/api/v1/dead?type=Searched&to=1h"))).isEmpty();
        assertThat(ada.get("/api/v1/dead/summary").getJsonObject("by_type").getInteger("Searched"))
                .isEqualTo(5);
        JsonObject story = bob.get("/api/v1/jobs/" + jobs.get(2).id());
        assertThat(story.getJsonArray("dead")).hasSize(1);
    }

    @Test
    void aTrialShowsTheAnswerAndTheJobStaysDead() {
        List<JobEvent> jobs = die("Tried", 1, 403);
        String id = ids(ada.get("/api/v1/dead?type=Tried")).get(0);
        bed.runner().on(type("Tried")).answer(status(418).body("a teapot"));

        JsonObject trial = bob.post("/api/v1/dead/" + id + "/try", new JsonObject().put("target", "mw-jobrunner"));

        assertThat(trial.getInteger("status")).isEqualTo(418);
        assertThat(trial.getString("body")).isEqualTo("a teapot");
        JsonObject whole = bob.get("/api/v1/dead/" + id);
        assertThat(whole.getJsonObject("job").getString("state")).isEqualTo("dead");
        assertThat(whole.getString("raw")).isEqualTo(jobs.get(0).bytes().toString());
        assertThat(whole.getJsonObject("event")).isEqualTo(jobs.get(0).bytes().toJsonObject());
    }

    @Test
    void whatIsDroppedIsNotReplayedAnyMore() {
        die("Dropped", 3, 400);
        List<String> ids = ids(ada.get("/api/v1/dead?type=Dropped"));
        JsonObject some =
                new JsonObject().put("ids", new JsonArray(ids.subList(0, 2))).put("reason", "useless");

        JsonObject dropped = ada.post("/api/v1/dead/drop", some);
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() ->
                        assertThat(ids(bob.get("/api/v1/dead?type=Dropped"))).hasSize(1));
        JsonObject replayed = bob.post("/api/v1/dead/replay", some);

        assertThat(dropped.getInteger("done")).isEqualTo(2);
        assertThat(replayed.getInteger("done")).isZero();
        assertThat(replayed.getInteger("taken")).isEqualTo(2);
        JsonObject mark = bob.get("/api/v1/dead/" + ids.get(0)).getJsonObject("mark");
        assertThat(mark.getString("by")).isEqualTo("ada");
        assertThat(mark.getString("reason")).isEqualTo("useless");
    }

    /** They die, and both instances know. */
    private List<JobEvent> die(String type, int count, int status) {
        bed.runner().on(type(type)).answer(status(status));
        List<JobEvent> jobs = Stream.generate(() -> events.next(JobShape.of(type)))
                .limit(count)
                .toList();
        bed.produce(jobs);
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(ids(ada.get("/api/v1/dead?type=" + type))).hasSize(count);
            assertThat(ids(bob.get("/api/v1/dead?type=" + type))).hasSize(count);
        });
        return jobs;
    }

    private static JsonObject order(String type) {
        return new JsonObject().put("filter", new JsonObject().put("type", type));
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("jobs").stream()
                .map(job -> ((JsonObject) job).getString("id"))
                .toList();
    }
}
