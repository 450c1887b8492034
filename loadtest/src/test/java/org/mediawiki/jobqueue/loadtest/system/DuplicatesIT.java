package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/** De-duplication through real Kafka and a real Redis: a job that is done is not done again, and no other is dropped. */
@Alone
final class DuplicatesIT {

    private static final String TYPE = "refreshLinks";
    private static final int PER_SECOND = 200;
    private static final int SECONDS = 10;

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(18, Clock.systemUTC());

    @ParameterizedTest
    @ValueSource(strings = {"memory", "redis"})
    void aJobThatIsDoneIsNotRunAgainHoweverOftenItIsSent(String store) {
        try (RedisProcess redis = new RedisProcess();
                TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            Service service = bed.start(setup(store, redis));
            JobEvent job = events.next(JobShape.of(TYPE));
            bed.produce(job);
            bed.awaitRequests(job, 1);
            bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));

            bed.produce(Collections.nCopies(5, job));

            bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
            assertThat(bed.runner().ledger().count()).isEqualTo(1);
            assertThat(bed.scrape(service).sum("cpjobqueue_dedupe", "rule=")).isEqualTo(5);
        }
    }

    @Test
    void withRedisAJobIsKnownAfterARestartWhenItWasDoneAndRunsWhenItWasNot() {
        try (RedisProcess redis = new RedisProcess();
                TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            JobEvent done = events.next(JobShape.of(TYPE));
            JobEvent cut = events.next(JobShape.of(TYPE));
            bed.runner().on(id(cut.id())).answer(ok().after(Duration.ofMinutes(5)));
            bed.produce(List.of(done, cut));
            String yaml = bed.yaml(setup("redis", redis));
            try (ServiceProcess service = ServiceProcess.start(folder, yaml)) {
                bed.runner().ledger().awaitRequests(2, TestBed.PATIENCE);
                TopicPartition partition = new TopicPartition(bed.topic(TYPE), 0);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(
                                () -> assertThat(bed.committed(bed.group())).containsEntry(partition, 1L));
                service.kill();
            }
            bed.runner().on(id(cut.id())).answer(ok());
            bed.produce(done);

            try (ServiceProcess service = ServiceProcess.start(folder, yaml)) {
                bed.awaitRequests(cut, 2);
                bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
                service.kill();
            }

            assertThat(bed.runner().ledger().requests(done.id())).hasSize(1);
            assertThat(bed.runner().ledger().doneMoreThanOnce()).isEmpty();
        }
    }

    @Test
    void aRedisThatDiesAndComesBackUnderLoadNeitherStallsNorLosesAJob() throws InterruptedException {
        try (RedisProcess redis = new RedisProcess();
                TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(20)));
            bed.start(setup("redis", redis));
            bed.produce(events.next(500, JobShape.of(TYPE)));
            bed.awaitEnded(TYPE, 500);
            RequestLedger ledger = bed.runner().ledger();
            ledger.clear();
            List<JobEvent> jobs = events.next(PER_SECOND * SECONDS, JobShape.of(TYPE));

            ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
            for (int tick = 0; tick < SECONDS * 10; tick++) {
                List<JobEvent> now = jobs.subList(tick * PER_SECOND / 10, (tick + 1) * PER_SECOND / 10);
                var unused = pace.schedule(() -> bed.produce(now), tick * 100L, TimeUnit.MILLISECONDS);
            }
            // A start takes its time, in which the jobs go on coming.
            ScheduledExecutorService trouble = Executors.newSingleThreadScheduledExecutor();
            Future<?> kill = trouble.schedule(redis::kill, SECONDS / 4, TimeUnit.SECONDS);
            Future<?> start = trouble.schedule(redis::startAgain, SECONDS / 2, TimeUnit.SECONDS);
            pace.shutdown();
            trouble.shutdown();
            assertThat(pace.awaitTermination(4L * SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(trouble.awaitTermination(4L * SECONDS, TimeUnit.SECONDS)).isTrue();

            assertThat(kill).succeedsWithin(Duration.ZERO);
            assertThat(start).succeedsWithin(Duration.ZERO);
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(ledger.notDone(ids(jobs))).isEmpty());
            assertThat(longestPause(bed)).as("pause between two starts").isLessThan(Duration.ofMillis(500));
            assertThat(ledger.ranMoreThanOnce()).isEmpty();
        }
    }

    /** Without what of a pause the machine stood still, and produced nothing either. */
    private static Duration longestPause(TestBed bed) {
        long[] starts = bed.runner().ledger().requests().stream()
                .mapToLong(request -> request.span().startNanos())
                .sorted()
                .toArray();
        return IntStream.range(1, starts.length)
                .mapToObj(i -> bed.ran(starts[i - 1], starts[i]))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Setup setup(String store, RedisProcess redis) {
        return Setup.lanes("main: {target: mw-jobrunner, jobs: {refreshLinks: {concurrency: 20}}}")
                .withKeys("dedupe: {store: " + store + ", redis: {uri: \"" + redis.uri() + "\"}}");
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
