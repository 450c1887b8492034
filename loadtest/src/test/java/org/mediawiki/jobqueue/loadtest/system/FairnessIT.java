package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC guarantee 6: one type cannot starve another. */
@Alone
final class FairnessIT {

    private static final Duration SOON = Duration.ofMillis(500);
    private static final List<String> QUIET = List.of("Quiet1", "Quiet2", "Quiet3", "Quiet4", "Quiet5");
    private static final int SECONDS = 10;

    private final JobEvents events = new JobEvents(10, Clock.systemUTC());

    /** When each quiet job stood in Kafka, by the ledger's clock; written by the pacing thread, read when it has ended. */
    private final Map<String, Long> producedAt = new HashMap<>();

    @Test
    void theJobsOfQuietTypesStartSoonWhileAnotherFloodsThePool() throws InterruptedException {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Flood");
            bed.createTopics(QUIET.toArray(String[]::new));
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(100)));
            bed.produce(events.next(6_000, JobShape.of("Flood")));
            bed.start();
            bed.runner().ledger().awaitRequests(50, TestBed.PATIENCE);

            produceOneOfEachQuietTypeASecond(bed);

            QUIET.forEach(type -> bed.awaitEnded(type, SECONDS));
            assertThat(producedAt).hasSize(QUIET.size() * SECONDS);
            List<Duration> delays = producedAt.entrySet().stream()
                    .map(job -> bed.ran(job.getValue(), bed.runner().ledger().startsOf(job.getKey())[0]))
                    .sorted()
                    .toList();
            assertThat(delays.get(delays.size() - 1)).isLessThan(SOON);
            assertThat(bed.runner().ledger().count("Flood"))
                    .as("the flood lasted until the end and used what was left")
                    .isBetween(3_500, 5_999);
        }
    }

    private void produceOneOfEachQuietTypeASecond(TestBed bed) throws InterruptedException {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        for (int second = 0; second < SECONDS; second++) {
            for (String type : QUIET) {
                JobEvent job = events.next(JobShape.of(type));
                var unused = pace.schedule(() -> produce(bed, job), second, TimeUnit.SECONDS);
            }
        }
        pace.shutdown();
        assertThat(pace.awaitTermination(3 * SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void produce(TestBed bed, JobEvent job) {
        producedAt.put(job.id(), bed.runner().ledger().nowNanos());
        bed.produce(job);
    }
}
