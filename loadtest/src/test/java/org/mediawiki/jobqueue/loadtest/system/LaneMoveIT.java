package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/**
 * A job type that moves to another lane, under a backlog, takes its offsets along: none is skipped, none runs twice, and no
 * more run at once than may.
 */
final class LaneMoveIT {

    private static final int JOBS = Boolean.getBoolean("jobqueue.soak") ? 50_000 : 5_000;
    private static final String TYPE = "Moving";

    private static final Setup LOW_TRAFFIC =
            Setup.lanes("{main: {}, other: {jobs: {Unrelated: {}}}}").withKeys("drain_timeout: 3s");

    private static final Setup OTHER_LANE = Setup.lanes("{main: {}, other: {jobs: {Unrelated: {}, Moving: {}}}}")
            .withKafka("first_start: latest")
            .withKeys("drain_timeout: 3s");

    private static final int LIMIT = 5;

    private static final Setup LIMITED_HERE =
            Setup.lanes("{main: {jobs: {Moving: {concurrency: 5}}}, other: {jobs: {Unrelated: {}}}}");

    private static final Setup LIMITED_THERE =
            Setup.lanes("{main: {}, other: {jobs: {Unrelated: {}, Moving: {concurrency: 5}}}}");

    private final JobEvents events = new JobEvents(31, Clock.systemUTC());

    @Test
    void aRestartUnderAnotherConfigurationSkipsNothingAndRepeatsNothing() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE, "Unrelated");
            JobEvent slow = events.next(JobShape.of(TYPE));
            List<JobEvent> jobs = events.next(JOBS, JobShape.of(TYPE));
            bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(10)));
            bed.runner().on(id(slow.id())).answerTimes(1, hang()).then(ok());
            bed.produce(slow);
            bed.produce(jobs);
            Service before = bed.start(LOW_TRAFFIC);
            bed.awaitEnded(TYPE, JOBS / 3);
            bed.stop(before);
            assertThat(bed.commits(bed.group())).containsKey(partition(bed));

            bed.start(OTHER_LANE);

            bed.awaitCommitted(bed.group() + "-other", List.of(bed.topic(TYPE)));
            assertThat(bed.runner().ledger().notDone(ids(jobs))).as("skipped").isEmpty();
            assertThat(bed.runner().ledger().ranMoreThanOnce())
                    .as("twice, but for the one that outlived the drain")
                    .containsExactly(slow.id());
            assertThat(bed.commits(bed.group())).doesNotContainKey(partition(bed));
        }
    }

    @Test
    void aLaneWaitsUntilTheOtherOneHasGivenUp() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE, "Unrelated");
            List<JobEvent> jobs = events.next(JOBS, JobShape.of(TYPE));
            bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(10)));
            bed.produce(jobs);
            Service before = bed.start(LOW_TRAFFIC);
            bed.awaitEnded(TYPE, JOBS / 10);

            bed.start(bed.configuration(OTHER_LANE), Set.of("other"));
            await().atMost(TestBed.PATIENCE)
                    .until(() -> bed.members(bed.group() + "-other").stream()
                            .flatMap(member -> member.assignment().topicPartitions().stream())
                            .anyMatch(partition(bed)::equals));
            bed.awaitEnded(TYPE, JOBS / 2);
            bed.stop(before);

            bed.awaitCommitted(bed.group() + "-other", List.of(bed.topic(TYPE)));
            assertThat(bed.runner().ledger().notDone(ids(jobs))).as("skipped").isEmpty();
            assertThat(bed.runner().ledger().ranMoreThanOnce()).as("twice").isEmpty();
        }
    }

    /** What the one lane of a process still runs takes its slots in the other one. */
    @Test
    void aTypeThatMovesWithinAProcessWhileItsJobsRunKeepsItsLimit(@TempDir Path folder) throws IOException {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE, "Unrelated");
            List<JobEvent> slow = events.next(LIMIT, JobShape.of(TYPE));
            List<JobEvent> behind = events.next(4 * LIMIT, JobShape.of(TYPE));
            bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(200)));
            slow.forEach(job -> bed.runner().on(id(job.id())).answer(ok().after(Duration.ofSeconds(15))));
            Path file = Files.writeString(folder.resolve("jobqueue.yaml"), bed.yaml(LIMITED_HERE));
            bed.start(file);
            bed.produce(slow);
            bed.produce(behind);
            bed.runner().ledger().awaitRequests(LIMIT, TestBed.PATIENCE);

            Files.writeString(file, bed.yaml(LIMITED_THERE));

            await().atMost(TestBed.PATIENCE)
                    .until(() -> bed.commits(bed.group() + "-other").containsKey(partition(bed)));
            assertThat(bed.runner().ledger().inFlight())
                    .as("moved while they ran")
                    .isEqualTo(LIMIT);
            bed.awaitCommitted(bed.group() + "-other", List.of(bed.topic(TYPE)));
            assertThat(bed.runner().ledger().maxSimultaneous(TYPE)).isEqualTo(LIMIT);
            assertThat(bed.runner().ledger().notDone(ids(behind))).as("skipped").isEmpty();
            assertThat(bed.runner().ledger().ranMoreThanOnce()).as("twice").isEmpty();
        }
    }

    private static TopicPartition partition(TestBed bed) {
        return new TopicPartition(bed.topic(TYPE), 0);
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
