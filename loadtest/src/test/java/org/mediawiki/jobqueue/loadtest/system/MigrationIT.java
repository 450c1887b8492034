package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/**
 * docs/migration.md, from the switch to the way back: the legacy service leaves its groups, its partitioned topics, its
 * retry events and its keys in Redis; a fleet of ours goes on from there, is stopped under load, and the legacy service
 * goes on from that. Whoever ran it, each job is done once.
 */
final class MigrationIT {

    private static final int JOBS = Boolean.getBoolean("jobqueue.soak") ? 2_000 : 40;
    private static final int PARTITIONS = 2;

    private static final String OWN = "cdnPurge";
    private static final String LOW = "ThanksJob";
    private static final String SORTED = "refreshLinks";
    private static final String LOW_RULE = "low_traffic_jobs";

    private final JobEvents events = new JobEvents(42, Clock.systemUTC());
    private final Set<String> produced = new TreeSet<>();

    @TempDir
    private Path folder;

    @Test
    void eachJobIsDoneOnceWhoeverIsInCharge() throws IOException {
        try (RedisProcess redis = new RedisProcess();
                TestBed bed = new TestBed();
                LegacyService legacy = new LegacyService(bed, redis.uri())) {
            bed.createTopics(OWN, LOW, SORTED);
            bed.createTopic(bed.partitionedTopic(SORTED), PARTITIONS);
            Setup setup = Setup.lanes(
                            "main: {jobs: {cdnPurge: {concurrency: 5}, refreshLinks: {concurrency: 5}}, low_traffic: {concurrency: 5}}")
                    .withKeys("""
                            dedupe: {store: redis, redis: {uri: "%s"}}
                            retry: {limit: 2, delay: 300ms, factor: 1}
                            """.formatted(redis.uri()));
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(5)));

            leaveMuchHalfDone(bed, legacy);
            offsets(bed, setup, "import");
            List<Service> fleet = List.of(bed.start(setup), bed.start(setup));
            awaitDone(bed, legacy, produced);
            stopUnderLoad(bed, fleet);
            offsets(bed, setup, "export");
            legacyGoesOn(bed, legacy);

            List<String> all = Stream.concat(legacy.done().stream(), doneByOurs(bed).stream())
                    .toList();
            assertThat(all).as("done once").doesNotHaveDuplicates();
            assertThat(all).as("none lost").containsExactlyInAnyOrderElementsOf(produced);
            assertThat(bed.tail(bed.errorTopic()).all()).isEmpty();
        }
    }

    private void leaveMuchHalfDone(TestBed bed, LegacyService legacy) {
        produceSome(bed);
        legacy.run(OWN, bed.topic(OWN), JOBS / 4);
        legacy.fail(OWN, bed.topic(OWN), 3);
        legacy.runRetries(OWN, bed.retryTopic(OWN), 1);
        legacy.runAndLoseTheCommit(OWN, bed.topic(OWN), 5);
        legacy.run(LOW_RULE, bed.topic(LOW), JOBS / 4);
        legacy.fail(LOW_RULE, bed.topic(LOW), 2);
        legacy.runAndLoseTheCommit(LOW_RULE, bed.topic(LOW), 2);
        legacy.partition(SORTED, JOBS / 2, PARTITIONS);
        legacy.run(SORTED, bed.partitionedTopic(SORTED), JOBS / 8);
        legacy.runAndLoseTheCommit(SORTED, bed.partitionedTopic(SORTED), 2);
    }

    /** One job has failed, so that the legacy service finds a retry event of ours that is done. */
    private void stopUnderLoad(TestBed bed, List<Service> fleet) {
        JobEvent failing = events.next(JobShape.of(OWN));
        produced.add(failing.id());
        bed.runner().on(id(failing.id()).and(firstAttempts(1))).answer(status(500));
        bed.produce(failing);
        bed.awaitRequests(failing, 2);
        int before = doneByOurs(bed).size();
        bed.runner().on(any()).answer(ok().after(Duration.ofMillis(800)));
        produceSome(bed);
        await().atMost(TestBed.PATIENCE).until(() -> doneByOurs(bed).size() > before + JOBS / 4);
        fleet.forEach(bed::stop);
        assertThat(doneByOurs(bed)).as("stopped before the end").hasSizeLessThan(before + 3 * JOBS);
    }

    private void legacyGoesOn(TestBed bed, LegacyService legacy) {
        legacy.partition(SORTED, LegacyService.TO_THE_END, PARTITIONS);
        legacy.run(SORTED, bed.partitionedTopic(SORTED), LegacyService.TO_THE_END);
        legacy.run(OWN, bed.topic(OWN), LegacyService.TO_THE_END);
        legacy.run(LOW_RULE, bed.topic(LOW), LegacyService.TO_THE_END);
        legacy.runRetries(OWN, bed.retryTopic(OWN), LegacyService.TO_THE_END);
        legacy.runRetries(LOW_RULE, bed.retryTopic(LOW), LegacyService.TO_THE_END);
    }

    private void produceSome(TestBed bed) {
        for (String type : List.of(OWN, LOW, SORTED)) {
            List<JobEvent> jobs = events.next(JOBS, JobShape.of(type));
            bed.produce(jobs);
            jobs.forEach(job -> produced.add(job.id()));
        }
    }

    private static void awaitDone(TestBed bed, LegacyService legacy, Set<String> jobs) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            List<String> all = new ArrayList<>(legacy.done());
            all.addAll(doneByOurs(bed));
            assertThat(all).containsAll(jobs);
        });
    }

    private static List<String> doneByOurs(TestBed bed) {
        return bed.runner().ledger().requests().stream()
                .filter(request -> request.ending().status() == 200)
                .map(RecordedRequest::job)
                .map(job -> job.event().id())
                .toList();
    }

    private void offsets(TestBed bed, Setup setup, String command) throws IOException {
        Path config = Files.writeString(folder.resolve("config.yaml"), bed.yaml(setup));
        StringWriter out = new StringWriter();
        int code = JobQueueCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute("offsets", command, "--config", config.toString());
        assertThat(code).as(out.toString()).isZero();
    }
}
