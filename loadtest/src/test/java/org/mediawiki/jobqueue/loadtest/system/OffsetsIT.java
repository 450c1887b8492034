package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC guarantees 1 and 2: where consumption begins, what is committed, and what a restart runs again. */
final class OffsetsIT {

    private final JobEvents events = new JobEvents(12, Clock.systemUTC());

    @Execution(CONCURRENT)
    @Test
    void gapsThatTransactionsLeaveAreNoObstacle() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Gappy");
            bed.start();
            Set<String> committed = produceInTransactions(bed, 40);

            bed.awaitEnded("Gappy", committed.size());

            bed.awaitCommitted(bed.group(), List.of(bed.topic("Gappy")));
            assertThat(bed.runner().ledger().lost(committed)).isEmpty();
            assertThat(bed.runner().ledger().count()).isEqualTo(committed.size());
        }
    }

    @Execution(CONCURRENT)
    @Test
    void aTopicThatAppearsIsConsumedFromItsFirstRecordWithin15Seconds() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Before");
            bed.start(Setup.plain().withKafka("first_start: latest"));
            JobEvent before = events.next(JobShape.of("Before"));
            bed.produce(before);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Before")));
            List<JobEvent> jobs = events.next(10, JobShape.of("Later"));
            long producedAt = bed.runner().ledger().nowNanos();
            bed.produce(jobs);

            bed.awaitEnded("Later", jobs.size());

            Duration took = Duration.ofNanos(bed.runner().ledger().nowNanos() - producedAt);
            assertThat(took).isLessThan(Duration.ofSeconds(15));
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Later")));
        }
    }

    @Execution(CONCURRENT)
    @Test
    void aTopicThatAppearsAfterAFirstStartWithoutTopicsIsConsumedFromItsFirstRecord() {
        Setup latest = Setup.plain().withKafka("first_start: latest");
        try (TestBed bed = new TestBed()) {
            Service first = bed.start(latest);
            await().atMost(TestBed.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !bed.members().isEmpty());
            bed.stop(first);
            List<JobEvent> jobs = events.next(5, JobShape.of("Later"));
            bed.produce(jobs);

            bed.start(latest);

            bed.awaitEnded("Later", jobs.size());
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Later")));
        }
    }

    @Execution(CONCURRENT)
    @Test
    void everyPartitionOfATopicIsConsumedAndItsRetriesKeepToTheirPartition() {
        try (TestBed bed = new TestBed()) {
            bed.createTopic(bed.topic("Wide"), 4);
            bed.runner().on(type("Wide").and(firstAttempts(1))).answer(status(500));
            bed.start(Setup.plain().withKeys("retry: {limit: 1, delay: 50ms}"));
            try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
                for (int i = 0; i < 40; i++) {
                    byte[] job = events.next(JobShape.of("Wide")).bytes().getBytes();
                    var unused = producer.send(new ProducerRecord<>(bed.topic("Wide"), i % 4, null, job));
                }
            }

            bed.awaitEnded("Wide", 80);

            bed.awaitCommitted(bed.group(), List.of(bed.topic("Wide"), bed.retryTopic("Wide")));
            assertThat(bed.ends(List.of(bed.retryTopic("Wide"))))
                    .hasSize(4)
                    .allSatisfy((partition, end) -> assertThat(end).isEqualTo(10));
        }
    }

    @Execution(CONCURRENT)
    @Test
    void theFirstStartBeginsWhereTheLegacyGroupsStoodElseAsConfigured() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own", "Low", "Fresh");
            List<JobEvent> own = events.next(5, JobShape.of("Own"));
            List<JobEvent> low = events.next(5, JobShape.of("Low"));
            bed.produce(own);
            bed.produce(low);
            bed.produce(events.next(5, JobShape.of("Fresh")));
            bed.commit(bed.group() + "-Own", bed.topic("Own"), 3);
            bed.commit(bed.group() + "-low_traffic_jobs", bed.topic("Low"), 4);
            bed.start(Setup.lanes("main: {target: mw-jobrunner, jobs: {Own: {concurrency: 5}}}")
                    .withKafka("first_start: latest"));

            bed.awaitEnded("Own", 2);
            bed.awaitEnded("Low", 1);
            JobEvent fresh = events.next(JobShape.of("Fresh"));
            bed.produce(fresh);
            bed.awaitEnded("Fresh", 1);

            bed.awaitCommitted(bed.group(), List.of(bed.topic("Own"), bed.topic("Low"), bed.topic("Fresh")));
            assertThat(idsSeen(bed))
                    .containsExactlyInAnyOrder(
                            own.get(3).id(), own.get(4).id(), low.get(4).id(), fresh.id());
        }
    }

    @Execution(CONCURRENT)
    @Test
    void theFirstStartBeginsAtTheFirstRecordByDefault() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Fresh");
            bed.produce(events.next(5, JobShape.of("Fresh")));

            bed.start();

            bed.awaitEnded("Fresh", 5);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Fresh")));
        }
    }

    @Execution(CONCURRENT)
    @Test
    void aRestartAmidstAllRunsNothingTwiceAndLosesNothing() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Steady", "Failing");
            bed.runner().on(type("Steady")).answer(ok().after(Duration.ofMillis(20)));
            bed.runner().on(type("Failing").and(firstAttempts(1))).answer(status(500));
            Setup setup = Setup.plain().withKeys("retry: {limit: 1, delay: 1s}");
            List<JobEvent> steady = events.next(3_000, JobShape.of("Steady"));
            List<JobEvent> failing = events.next(50, JobShape.of("Failing"));
            bed.produce(steady);
            bed.produce(failing);
            for (int restarts = 1; restarts <= 2; restarts++) {
                Service service = bed.start(setup);
                bed.awaitEnded("Steady", 800 * restarts);
                bed.stop(service);
                assertThat(bed.runner().ledger().inFlight()).isZero();
            }

            bed.start(setup);

            bed.awaitEnded("Steady", steady.size());
            bed.awaitEnded("Failing", 2 * failing.size());
            bed.awaitCommitted(
                    bed.group(), List.of(bed.topic("Steady"), bed.topic("Failing"), bed.retryTopic("Failing")));
            assertThat(bed.runner().ledger().count("Steady")).isEqualTo(steady.size());
            assertThat(bed.runner().ledger().count("Failing")).isEqualTo(2 * failing.size());
            assertThat(bed.runner().ledger().doneMoreThanOnce()).isEmpty();
        }
    }

    @Execution(CONCURRENT)
    @Test
    void whatFinishedAboveAJobThatHangsIsNotRunAgainAndNotEvenRead() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Mixed");
            JobEvent slow = events.next(JobShape.of("Mixed"));
            bed.runner().on(id(slow.id())).answerTimes(1, hang()).then(ok());
            bed.produce(slow);
            bed.produce(events.next(3_000, JobShape.of("Mixed")));
            Setup setup = Setup.plain().withKeys("drain_timeout: 4s");
            Service first = bed.start(setup);
            bed.awaitEnded("Mixed", 3_000);
            long stopping = System.nanoTime();
            // The drain ends after 4 s, and the job's time only after 30.
            bed.stop(first);
            assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(Duration.ofSeconds(15));

            Service second = bed.start(setup);

            bed.awaitRequests(slow, 2);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Mixed")));
            assertThat(bed.runner().ledger().ranMoreThanOnce()).containsExactly(slow.id());
            assertThat(bed.runner().ledger().count()).isEqualTo(3_002);
            assertThat(bed.scrape(second).sum("jobqueue_records_polled_total", "type=\"Mixed\""))
                    .as("one fetch before the seek at most")
                    .isLessThan(1_000);
        }
    }

    /** Every second transaction is aborted; the ids of the others' jobs. */
    private Set<String> produceInTransactions(TestBed bed, int transactions) {
        List<JobEvent> committed = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", bed.group()))) {
            producer.initTransactions();
            for (int i = 0; i < transactions; i++) {
                producer.beginTransaction();
                List<JobEvent> jobs = events.next(3, JobShape.of("Gappy"));
                for (JobEvent job : jobs) {
                    byte[] bytes = job.bytes().getBytes();
                    var unused = producer.send(new ProducerRecord<>(bed.topic("Gappy"), bytes));
                }
                if (i % 2 == 0) {
                    producer.commitTransaction();
                    committed.addAll(jobs);
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
        return committed.stream().map(JobEvent::id).collect(Collectors.toSet());
    }

    private static List<String> idsSeen(TestBed bed) {
        return bed.runner().ledger().requests().stream()
                .map(request -> request.job().event().id())
                .toList();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", SharedKafka.bootstrapServers());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
