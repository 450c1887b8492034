package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.readOnly;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.wiki;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/** A wiki that is read-only for a while, among others (SPEC section 5, verdict 423). */
@Alone
final class ReadOnlyIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final String TYPE = "refreshLinks";
    private static final String READ_ONLY = "wiki0";
    private static final int WIKIS = 20;
    private static final int PER_SECOND = 100;
    private static final int READ_ONLY_SECONDS = SOAK ? 60 : 8;
    private static final int SECONDS = READ_ONLY_SECONDS + 4;

    /** Between a job's being in Kafka and its start, p99. */
    private static final Duration SOON = Duration.ofMillis(250);

    private final JobEvents events = new JobEvents(16, Clock.systemUTC());

    /** When each job stood in Kafka, by the ledger's clock; written by the pacing thread, read when it has ended. */
    private final Map<String, Long> producedAt = new HashMap<>();

    private final List<JobEvent> produced = new ArrayList<>();

    @Test
    void itsJobsWaitAndRunAfterwardsWhileThoseOfTheOthersFlowOn() throws InterruptedException {
        try (TestBed bed = new TestBed()) {
            bed.createTopics(TYPE);
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(50)));
            bed.start(Setup.lanes("main: {target: mw-jobrunner, jobs: {refreshLinks: {concurrency: 20}}}")
                    .withKeys("readonly_hold: " + (SOAK ? "20s" : "3s")));
            bed.produce(events.next(1_000, JobShape.of(TYPE)));
            bed.awaitEnded(TYPE, 1_000);
            bed.runner().ledger().clear();
            bed.runner().on(wiki(READ_ONLY)).answer(readOnly());

            ScheduledExecutorService pace = produceAtAnEvenPace(bed);
            var unused = pace.schedule(
                    () -> bed.runner().on(wiki(READ_ONLY)).answer(ok()), READ_ONLY_SECONDS, TimeUnit.SECONDS);
            pace.shutdown();
            assertThat(pace.awaitTermination(2L * SECONDS, TimeUnit.SECONDS)).isTrue();

            RequestLedger ledger = bed.runner().ledger();
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(ledger.notDone(producedAt.keySet())).isEmpty());
            bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
            assertThat(ledger.doneMoreThanOnce()).isEmpty();
            assertThat(bed.tail(bed.errorTopic()).all()).isEmpty();
            assertThat(probes(bed)).as("requests that met the read-only wiki").isLessThan(20 + PER_SECOND / 10);
            assertThat(delays(bed, READ_ONLY, false))
                    .last()
                    .satisfies(worst -> assertThat(worst).isGreaterThan(Duration.ofSeconds(READ_ONLY_SECONDS / 2)));
            List<Duration> others = delays(bed, READ_ONLY, true);
            Duration p99 = others.get(others.size() * 99 / 100);
            System.out.println("p99 of the other wikis: " + p99);
            assertThat(p99).isLessThan(SOON);
        }
    }

    private ScheduledExecutorService produceAtAnEvenPace(TestBed bed) {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        for (int i = 0; i < SECONDS * PER_SECOND; i++) {
            String wiki = "wiki" + i % WIKIS;
            JobEvent job = events.next(JobShape.of(TYPE).withWiki(wiki, wiki + ".test"));
            produced.add(job);
            var unused = pace.schedule(() -> produce(bed, job), i * 1_000L / PER_SECOND, TimeUnit.MILLISECONDS);
        }
        return pace;
    }

    private void produce(TestBed bed, JobEvent job) {
        producedAt.put(job.id(), bed.runner().ledger().nowNanos());
        bed.produce(job);
    }

    private static long probes(TestBed bed) {
        return bed.runner().ledger().requests().stream()
                .filter(request ->
                        request.ending().status() == 423 || request.ending().status() == 503)
                .count();
    }

    private List<Duration> delays(TestBed bed, String wiki, boolean ofOthers) {
        Map<String, Long> lastStarts = new HashMap<>();
        for (RecordedRequest request : bed.runner().ledger().requests()) {
            if (request.job().event().wiki().equals(wiki) != ofOthers) {
                lastStarts.put(request.job().event().id(), request.span().startNanos());
            }
        }
        return lastStarts.entrySet().stream()
                .map(start -> Duration.ofNanos(start.getValue() - producedAt.getOrDefault(start.getKey(), 0L)))
                .sorted()
                .toList();
    }
}
