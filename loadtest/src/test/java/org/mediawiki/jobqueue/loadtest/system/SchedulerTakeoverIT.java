package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/**
 * How late what waits becomes when the instance that keeps it is killed and does not come back. Of jobs that are due at
 * every moment, the latest tells it.
 */
final class SchedulerTakeoverIT {

    private static final String TYPE = "Delayed";
    private static final int PARTITIONS = 4;
    private static final int A_SECOND = 20;
    private static final Duration TRAFFIC = Duration.ofSeconds(20);

    /** The start of two processes and their share-out of the scheduler. */
    private static final Duration START = Duration.ofSeconds(10);

    /** Promised are 10 s, on a machine that is not shared: session timeout, rebalance, the dead one's transaction, stores. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(14);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(43, Clock.systemUTC());

    @Test
    void whatAKilledInstanceKeptComesFromAnother() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            bed.createTopic(bed.scheduledTopic(), PARTITIONS);
            bed.runner().on(any()).answer(ok());
            RequestLedger ledger = bed.runner().ledger();
            Instant wall = Instant.now();
            long nanos = ledger.nowNanos();
            Map<JobEvent, Instant> dues = produce(bed, wall.plus(START));
            try (ServiceProcess one = start(bed, "one");
                    ServiceProcess two = start(bed, "two")) {
                awaitShared(bed);
                await().atMost(TestBed.PATIENCE).until(() -> ledger.count() > 2 * A_SECOND);
                Instant killed = Instant.now();
                one.kill();

                await().atMost(TestBed.PATIENCE)
                        .until(() -> ledger.notDone(ids(dues)).isEmpty());
                two.kill();

                Function<JobEvent, Instant> start = job -> wall.plusNanos(ledger.startsOf(job.id())[0] - nanos);
                Duration latest = dues.entrySet().stream()
                        .filter(job -> job.getValue().isAfter(killed.minusSeconds(1)))
                        .map(job -> Duration.between(job.getValue(), start.apply(job.getKey())))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                System.out.println("the latest of what the killed instance kept started " + latest + " after its time");
                assertThat(latest).isLessThan(TAKEN_OVER_WITHIN);
                assertThat(dues)
                        .allSatisfy((job, due) -> assertThat(start.apply(job))
                                .isAfterOrEqualTo(Instant.ofEpochSecond(due.getEpochSecond())));
            }
        }
    }

    private static Set<String> ids(Map<JobEvent, Instant> dues) {
        return dues.keySet().stream().map(JobEvent::id).collect(Collectors.toSet());
    }

    private Map<JobEvent, Instant> produce(TestBed bed, Instant first) {
        List<Instant> times = IntStream.range(0, (int) TRAFFIC.toSeconds() * A_SECOND)
                .mapToObj(i -> first.plusSeconds(i / A_SECOND))
                .toList();
        Map<JobEvent, Instant> dues = times.stream()
                .collect(Collectors.toMap(
                        due -> events.next(JobShape.of(TYPE).withDelayUntil(due)), Function.identity()));
        bed.produce(dues.keySet());
        return dues;
    }

    private ServiceProcess start(TestBed bed, String name) {
        return ServiceProcess.start(
                folder,
                bed.yaml(Setup.plain()
                        .withKeys("instance: " + name + "\nscheduler: {folder: \"" + folder.resolve(name) + "\"}\n")));
    }

    /** Each of both releases what is due of some partitions. */
    private static void awaitShared(TestBed bed) {
        String group = bed.schedulerGroup();
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(GroupIdNotFoundException.class)
                .untilAsserted(() -> assertThat(bed.members(group))
                        .hasSize(2)
                        .extracting(MemberDescription::assignment)
                        .allSatisfy(assignment ->
                                assertThat(assignment.topicPartitions()).isNotEmpty()));
    }
}
