package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** A job type that moves to another lane, under a backlog, takes its offsets along: none is skipped, none runs twice. */
final class LaneMoveIT {

    private static final int JOBS = Boolean.getBoolean("jobqueue.soak") ? 50_000 : 5_000;
    private static final String TYPE = "Moving";

    private static final Setup LOW_TRAFFIC =
            Setup.lanes("{main: {}, other: {jobs: {Unrelated: {}}}}").withKeys("drain_timeout: 3s");

    private static final Setup OTHER_LANE = Setup.lanes("{main: {}, other: {jobs: {Unrelated: {}, Moving: {}}}}")
            .withKafka("first_start: latest")
            .withKeys("drain_timeout: 3s");

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

    private static TopicPartition partition(TestBed bed) {
        return new TopicPartition(bed.topic(TYPE), 0);
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
