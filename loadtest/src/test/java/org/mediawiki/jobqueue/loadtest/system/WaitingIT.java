package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ResourceAccessMode.READ;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/** SPEC guarantee 5: waiting is free, survives, and ends on time. */
@Alone
final class WaitingIT {

    private static final String TYPE = "refreshLinks";
    private static final String CPU = "cpu";

    /** How late a job may start that has waited. */
    private static final Duration LATE = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(15, Clock.systemUTC());

    /**
     * How soon jobs start that are due in one second is a matter of CPU, which the others' processes take at their start: here they
     * are a hundred.
     */
    @Execution(CONCURRENT)
    @ResourceLock(CPU)
    @Test
    void immediateJobsAreNotDelayedByThoseThatWaitInFrontOfThem() {
        Duration wait = Duration.ofSeconds(15);
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(20)));
            bed.start(Setup.lanes("main: {target: mw-jobrunner, jobs: {refreshLinks: {concurrency: 40}}}"));
            warmUp(bed);
            RequestLedger ledger = bed.runner().ledger();
            ledger.clear();
            Clocks clocks = new Clocks(bed);
            Instant due = Instant.now().plus(wait);
            List<Instant> dues = IntStream.range(0, 500)
                    .mapToObj(i -> due.plusSeconds(i % 5))
                    .toList();
            List<JobEvent> waiting = dues.stream()
                    .map(one -> events.next(JobShape.of(TYPE).withDelayUntil(one)))
                    .toList();
            List<JobEvent> immediate = events.next(2_000, JobShape.of(TYPE));
            bed.produce(waiting);
            long produced = ledger.nowNanos();
            bed.produce(immediate);

            bed.awaitEnded(TYPE, immediate.size());

            Duration took = bed.ranSince(produced);
            System.out.println("2,000 immediate jobs behind 500 that wait took " + took);
            // 50 rounds of 40 jobs of 20 ms take 1 s; nobody was waited for.
            assertThat(took).isLessThan(wait.dividedBy(3));
            assertThat(ledger.notDone(ids(immediate))).isEmpty();

            bed.awaitEnded(TYPE, immediate.size() + waiting.size());
            assertThat(ledger.ranMoreThanOnce()).isEmpty();
            IntStream.range(0, waiting.size()).forEach(i -> clocks.assertOnTime(waiting.get(i), dues.get(i)));
        }
    }

    @Execution(CONCURRENT)
    @ResourceLock(value = CPU, mode = READ)
    @Test
    void whatWaitsSurvivesAKillAndEveryLengthOfDelayComesInItsTime() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE, "cdnPurge");
            RequestLedger ledger = bed.runner().ledger();
            Clocks clocks = new Clocks(bed);
            Instant first;
            List<Instant> dues;
            List<JobEvent> jobs;
            Setup setup = Setup.plain().withKeys("scheduler: {folder: \"" + folder.resolve("scheduler") + "\"}");
            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup))) {
                JobEvent sign = events.next(JobShape.of("cdnPurge"));
                bed.produce(sign);
                bed.awaitRequests(sign, 1);
                first = Instant.now().plusSeconds(10);
                dues = IntStream.range(0, 200)
                        .mapToObj(i -> first.plusSeconds(i % 10))
                        .toList();
                jobs = dues.stream()
                        .map(due -> events.next(JobShape.of(TYPE).withDelayUntil(due)))
                        .toList();
                bed.produce(jobs);
                bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
                service.kill();
            }
            assertThat(ledger.count(TYPE)).isZero();

            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup))) {
                bed.awaitEnded(TYPE, jobs.size());
                service.kill();
            }

            assertThat(ledger.ranMoreThanOnce()).isEmpty();
            assertThat(ledger.notDone(ids(jobs))).isEmpty();
            // The takeover of what the killed process held is given its session timeout of 10 s and a little.
            Instant takenOver = first.plusSeconds(8);
            IntStream.range(0, jobs.size())
                    .filter(i -> dues.get(i).isAfter(takenOver))
                    .forEach(i -> clocks.assertOnTime(jobs.get(i), dues.get(i)));
            IntStream.range(0, jobs.size()).forEach(i -> clocks.assertNotEarly(jobs.get(i), dues.get(i)));
        }
    }

    @Execution(CONCURRENT)
    @ResourceLock(value = CPU, mode = READ)
    @Test
    void aJobThatAlwaysFailsIsTriedOnTimeAcrossARestartAndThenDies() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            JobEvent poison = events.next(JobShape.of(TYPE));
            bed.runner().on(id(poison.id())).answer(status(500));
            Setup setup = Setup.plain().withKeys("retry: {limit: 2, delay: 6s, factor: 2}");
            bed.produce(poison);
            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup))) {
                bed.awaitRequests(poison, 1);
                service.terminate();
                assertThat(service.awaitExit(Duration.ofSeconds(30))).isEqualTo(143);
            }

            try (ServiceProcess service = ServiceProcess.start(folder, bed.yaml(setup))) {
                JsonObject error = bed.tail(bed.errorTopic()).eventWith(poison.id());
                assertThat(error.getString("raw_event"))
                        .isEqualTo(poison.bytes().toString());
                assertThat(error.getJsonObject("details").getInteger("status")).isEqualTo(500);
                service.kill();
            }

            List<Duration> intervals = bed.runner().ledger().intervalsOf(poison.id());
            assertThat(intervals).hasSize(2);
            // The first of them spans the restart.
            assertThat(intervals.get(0)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(12));
            assertThat(intervals.get(1)).isGreaterThanOrEqualTo(Duration.ofSeconds(12));
            long[] starts = bed.runner().ledger().startsOf(poison.id());
            assertThat(bed.ran(starts[1] + Duration.ofSeconds(12).toNanos(), starts[2]))
                    .isLessThanOrEqualTo(LATE);
            assertThat(bed.tail(bed.errorTopic()).all()).hasSize(1);
        }
    }

    private void warmUp(TestBed bed) {
        bed.produce(events.next(1_000, JobShape.of(TYPE)));
        bed.awaitEnded(TYPE, 1_000);
    }

    private static Set<String> ids(Collection<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }

    /** The wall clock, by which jobs are due, and the ledger's, by which they started. */
    private record Clocks(TestBed bed, Instant wall, long nanos) {

        Clocks(TestBed bed) {
            this(bed, Instant.now(), bed.runner().ledger().nowNanos());
        }

        /** What the machine stood still since the job was due is nobody's lateness. */
        void assertOnTime(JobEvent job, Instant due) {
            assertNotEarly(job, due);
            long dueNanos = nanos + Duration.between(wall, whole(due)).toNanos();
            assertThat(bed.ran(dueNanos, startsOf(job)[0])).as(job.id()).isLessThanOrEqualTo(LATE);
        }

        void assertNotEarly(JobEvent job, Instant due) {
            assertThat(startOf(job)).as(job.id()).isAfterOrEqualTo(whole(due));
        }

        /** Events give their dates in whole seconds. */
        private static Instant whole(Instant due) {
            return Instant.ofEpochSecond(due.getEpochSecond());
        }

        private Instant startOf(JobEvent job) {
            return wall.plusNanos(startsOf(job)[0] - nanos);
        }

        private long[] startsOf(JobEvent job) {
            return bed.runner().ledger().startsOf(job.id());
        }
    }
}
