package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** What operators turn holds for the whole fleet within a second, is told everywhere, and ends by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KnobsIT {

    private final FleetOfTwo fleet = new FleetOfTwo("Turned: {concurrency: 5}", "Turned", "Halted", "Later");
    private final TestBed bed = fleet.bed();
    private final Api first = fleet.first();
    private final Api second = fleet.second();
    private final JobsCli cli = fleet.cli();

    @AfterAll
    void stop() {
        fleet.close();
    }

    @Test
    void aLimitAndARateHoldOnEveryInstanceUntilTheyAreReset() {
        assertThat(cli.run("limit", "Turned", "3", "--reason", "slow database").exitCode())
                .isZero();
        assertThat(cli.run("rate", "Turned", "2/s", "--for", "1h").exitCode()).isZero();

        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            for (Api api : new Api[] {first, second}) {
                JsonObject limits = limits(api, "Turned");
                assertThat(limits.getInteger("concurrency")).isEqualTo(3);
                assertThat(limits.getDouble("rate")).isEqualTo(2);
                JsonArray overrides = api.list("/api/v1/overrides");
                assertThat(overrides.encode()).contains("slow database", "grace");
            }
        });
        assertThat(cli.run("limit", "Turned", "--reset").exitCode()).isZero();
        assertThat(cli.run("rate", "Turned", "--reset").exitCode()).isZero();
        await().atMost(TestBed.PATIENCE)
                .until(() -> limits(second, "Turned").getInteger("concurrency") == 5
                        && limits(second, "Turned").getValue("rate") == null);
        assertThat(cli.run("audit").out()).contains("override.set", "type/Turned/concurrency", "override.clear");
    }

    /** With the meters and lanes of two real instances; {@code FleetStatusIT} looks at every part. */
    @Test
    void whateverPartOfTheStatusIsAskedForBothInstancesAnswer() {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            for (Api api : new Api[] {first, second}) {
                assertThat(api.list("/api/v1/fleet"))
                        .hasSize(2)
                        .allSatisfy(one -> assertThat(((JsonObject) one).getJsonArray("troubles"))
                                .isEmpty());
                assertThat(api.list("/api/v1/types").encode()).contains("Turned");
                assertThat(api.get("/api/v1/lag").fieldNames()).contains("main/Turned");
            }
        });
    }

    @Test
    void whatIsPausedWaitsAndGoesOnWhenItIsResumedOrItsTimeIsOver() {
        assertThat(cli.run("pause", "Halted", "--for", "1h").exitCode()).isZero();
        await().atMost(TestBed.PATIENCE).until(() -> limits(second, "Halted").getBoolean("paused"));
        JobEvent job = fleet.enqueue("Halted", 1).get(0);
        await().pollDelay(Duration.ofMillis(700))
                .until(() -> bed.runner().ledger().requests(job.id()).isEmpty());

        await().atMost(TestBed.PATIENCE)
                .untilAsserted(
                        () -> assertThat(cli.run("story", job.id()).out()).contains("waiting", "Halted"));

        assertThat(cli.run("resume", "Halted").exitCode()).isZero();

        bed.awaitRequests(job, 1);
        assertThat(cli.run("pause", "Halted", "--for", "2s").exitCode()).isZero();
        JobEvent another = fleet.enqueue("Halted", 1).get(0);
        bed.awaitRequests(another, 1);
    }

    @Test
    void aStoryFindsWhatWaitsForATime() {
        JobEvent job = fleet.enqueue(
                        JobShape.of("Turned").withDelayUntil(Instant.now().plusSeconds(7_200)), 1)
                .get(0);

        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(
                                cli.run("story", job.id(), "--type", "Turned").out())
                        .contains("delay", "Turned"));
        assertThat(cli.run("story", job.id(), "--type", "Halted").exitCode()).isEqualTo(1);
    }

    @Test
    void whatWaitsIsRunByItsIdOnceAndThenWaitsNoMore() {
        fleet.enqueue(JobShape.of("Later").withDelayUntil(Instant.now().plusSeconds(7_200)), 8);
        await().atMost(TestBed.PATIENCE).until(() -> later().size() == 8);
        String[] ids =
                later().stream().map(job -> ((JsonObject) job).getString("id")).toArray(String[]::new);

        for (Api api : new Api[] {first, second}) {
            JsonObject found =
                    api.post("/api/v1/scheduled/find", new JsonObject().put("ids", new JsonArray(List.of(ids))));
            assertThat(found.getJsonArray("waiting")).hasSize(8);
        }
        assertThat(cli.run("run-now", ids[0], ids[1], "--yes").exitCode()).isZero();
        bed.awaitEnded("Later", 2);
        await().atMost(TestBed.PATIENCE).until(() -> later().size() == 6);
        JobsCli.Run again = cli.run("run-now", ids[0], ids[2], "--yes");
        assertThat(again.out()).contains("1 jobs done, 1 that do not wait any more.");
        assertThat(again.exitCode()).isEqualTo(1);
        bed.awaitEnded("Later", 3);
        JobsCli.Run dry = cli.run("drop", "--scheduled", ids[0], "--dry-run");
        assertThat(dry.out()).contains("Drop 0 jobs, 1 that do not wait any more.");
        assertThat(dry.exitCode()).isEqualTo(1);
    }

    @Test
    void whatCannotBeIsRefusedWithTheRule() {
        assertThat(cli.run("limit", "Turned", "0").err()).contains("from 1 to 100000");
        assertThat(cli.run("rate", "Turned", "fast").exitCode()).isEqualTo(1);
        assertThat(cli.run("pause", "Turned", "--for", "later").err()).contains("such as 30m");
        assertThat(cli.run("limit", "Turned").exitCode()).isEqualTo(2);
        assertThat(first.send("PUT", "/api/v1/types/Turned/overrides/colour", "{\"value\": 1}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(first.without()
                        .send("PUT", "/api/v1/types/Turned/overrides/paused", "{\"value\": true}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(cli.run("pause", "Turned", "--dry-run").exitCode()).isZero();
        assertThat(first.list("/api/v1/overrides").encode()).doesNotContain("Turned/paused");
    }

    private JsonArray later() {
        return second.get("/api/v1/scheduled?type=Later").getJsonArray("jobs");
    }

    private static JsonObject limits(Api api, String type) {
        for (Object row : api.list("/api/v1/types?only=self")) {
            JsonObject one = (JsonObject) row;
            if (one.getString("type").equals(type)) {
                return one.getJsonObject("limits");
            }
        }
        return new JsonObject().put("concurrency", 0).put("paused", false);
    }
}
