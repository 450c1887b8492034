package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/**
 * A deploy of MediaWiki after which one job type answers 400 to everything, at night, for a fleet of two. Then it is
 * mended, and one command brings all jobs back: nothing is lost, nothing runs twice.
 */
final class BadDeployIT {

    private static final int JOBS = Boolean.getBoolean("jobqueue.soak") ? 20_000 : 600;

    private final FleetOfTwo fleet = new FleetOfTwo("Broken: {concurrency: 50}", "Broken", "Healthy");
    private final TestBed bed = fleet.bed();
    private final JobsCli cli = fleet.cli();

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void allItsDeadJobsComeBackByOneCommandNothingLostNothingTwice() {
        bed.runner().on(type("Broken")).answer(status(400).body("Bad request: no such parameter"));
        List<JobEvent> broken = fleet.enqueue("Broken", JOBS);
        List<JobEvent> healthy = fleet.enqueue("Healthy", 50);
        await().atMost(TestBed.PATIENCE.multipliedBy(2))
                .until(() -> cli.run("dead", "--count", "--json").json().getInteger("count") == JOBS);

        // In one glance: which type, since when, of what.
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            List<JsonObject> rows = Stream.of(fleet.first(), fleet.second())
                    .map(BadDeployIT::broken)
                    .toList();
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row.getJsonObject("use").getInteger("dead"))
                            .isEqualTo(JOBS));
            assertThat(rows.stream()
                            .mapToInt(row -> row.getJsonObject("hour").getInteger("dead"))
                            .sum())
                    .isEqualTo(JOBS);
        });
        assertThat(cli.run("list", "--by", "dead")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow())
                .startsWith("Broken");
        JobsCli.Run listed = cli.run("dead", "--type", "Broken", "--limit", "1", "--json");
        String oneDead = listed.json().getJsonArray("jobs").getJsonObject(0).getString("id");

        // Is it mended? One job tells, and stays dead.
        bed.runner().on(type("Broken")).answer(ok());
        assertThat(cli.run("replay", oneDead, "--on", "mw-jobrunner").exitCode())
                .isZero();
        JobsCli.Run dry = cli.run("replay", "--type", "Broken", "--dry-run", "--json");
        assertThat(dry.json().getInteger("done")).isEqualTo(JOBS);

        JobsCli.Run replay =
                cli.run("replay", "--type", "Broken", "--status", "400", "--yes", "--reason", "T12345 mended");

        assertThat(replay.exitCode()).isZero();
        assertThat(replay.out()).contains(JOBS + " jobs done");
        bed.awaitCommitted(bed.group(), List.of(bed.topic("Broken"), bed.retryTopic("Broken"), bed.topic("Healthy")));
        assertThat(broken).allSatisfy(job -> {
            List<RecordedRequest> requests = bed.runner().ledger().requests(job.id());
            long well = requests.stream()
                    .filter(request -> request.ending().status() == 200)
                    .count();
            // The one that was tried ran there as well: that is what a trial is.
            assertThat(well).as(job.id()).isBetween(1L, 2L);
            assertThat(requests).hasSizeBetween(2, 3);
        });
        assertThat(broken.stream()
                        .filter(job -> bed.runner().ledger().requests(job.id()).size() == 3)
                        .count())
                .isEqualTo(1);
        assertThat(healthy)
                .allSatisfy(job ->
                        assertThat(bed.runner().ledger().requests(job.id())).hasSize(1));
        assertThat(cli.run("replay", "--type", "Broken", "--yes").out()).contains("Replay: 0 jobs done");
        assertThat(cli.run("dead", "--count", "--json").json().getInteger("count"))
                .isZero();
        assertThat(cli.run("audit").out()).contains("grace", "dead.replay", "T12345 mended");
        assertThat(cli.run("story", broken.get(0).id()).out()).contains("replayed");
        assertThat(cli.run("story", healthy.get(0).id()).out()).contains("DONE, STARTED AT", "Healthy");
    }

    @Test
    void whatCannotBeDoneIsSaidAndTheExitCodeTells() {
        assertThat(cli.run("replay").exitCode()).isEqualTo(2);
        assertThat(cli.run("replay", "1-1", "--type", "X").exitCode()).isEqualTo(2);
        assertThat(cli.run("dead", "99-99").exitCode()).isEqualTo(1);
        assertThat(cli.run("story", "nothing-of-the-kind").exitCode()).isEqualTo(1);
        JobsCli.Run stranger = new JobsCli(fleet.first(), "wrong").run("drop", "--all", "--yes");
        assertThat(stranger.exitCode()).isEqualTo(1);
        assertThat(stranger.err()).contains("JOBQUEUE_ADMIN_TOKEN");
        // An instance that cannot say yet what waits is a trouble, and 1.
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(
                                cli.run("run-now", "--type", "Nothing", "--yes").exitCode())
                        .isZero());
    }

    private static JsonObject broken(Api api) {
        return (JsonObject) api.list("/api/v1/types/Broken?only=self").getValue(0);
    }
}
