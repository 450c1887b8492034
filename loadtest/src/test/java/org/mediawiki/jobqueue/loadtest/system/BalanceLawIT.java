package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatal;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.reset;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/**
 * SPEC guarantee 9 in chaos: instances come and go, the runner fails in every way, records are rubbish, jobs wait; and
 * at every scrape of every instance every record is accounted for.
 */
final class BalanceLawIT {

    private static final Setup SETUP = Setup.lanes("main: {target: mw-jobrunner, jobs: {Own: {concurrency: 5}}}")
            .withKeys("""
                    retry: {limit: 1, delay: 50ms, factor: 1}
                    readonly_hold: 1s
                    drain_timeout: 3s
                    """);

    private static final List<String> TYPES = List.of("Own", "Late", "Mixed");
    private static final int ROUNDS = Boolean.getBoolean("jobqueue.soak") ? 60 : 12;
    private static final int JOBS_PER_ROUND = 60;

    private final JobEvents events = new JobEvents(12, Clock.systemUTC());
    private final List<Service> fleet = new ArrayList<>();

    @Test
    void everyRecordIsAccountedForAtEveryScrapeOfAChaoticRun() {
        try (TestBed bed = new TestBed()) {
            TYPES.forEach(type -> bed.createTopics(type));
            bed.runner().on(any()).answer(ok().after(Duration.ofMillis(3)));
            fleet.add(bed.start(SETUP));

            int scrapes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                trouble(bed, round);
                produce(bed);
                if (round % 4 == 1) {
                    fleet.add(bed.start(SETUP));
                } else if (round % 4 == 3) {
                    bed.stop(fleet.remove(0));
                }
                scrapes += scrapeAll(bed);
            }

            bed.awaitCommitted(bed.group(), TYPES.stream().map(bed::topic).toList());
            scrapes += scrapeAll(bed);
            assertThat(scrapes).isGreaterThan(5 * ROUNDS);
        }
    }

    private static void trouble(TestBed bed, int round) {
        switch (round % 5) {
            case 0 ->
                bed.runner().on(type("Mixed")).answerTimes(20, status(500)).thenTimes(20, phpFatal());
            case 1 -> bed.runner().on(type("Own")).answerTimes(10, reset()).thenTimes(5, status(404));
            case 2 -> bed.runner().on(type("Own")).answerTimes(2, status(423));
            case 3 -> bed.runner().on(any()).answerTimes(30, status(503));
            default -> bed.runner().on(type("Mixed")).answerTimes(3, status(500).after(Duration.ofMillis(50)));
        }
    }

    private void produce(TestBed bed) {
        for (String type : TYPES) {
            JobShape shape = JobShape.of(type);
            bed.produce(events.next(
                    JOBS_PER_ROUND,
                    type.equals("Late")
                            ? shape.withDelayUntil(Instant.now().plus(Duration.ofSeconds(7)))
                            : shape.withSha1("one of them")));
            bed.producer().produceRaw(bed.topic(type), Buffer.buffer("no job"));
            bed.producer().produceTombstone(bed.topic(type));
        }
    }

    /** Several looks at each instance, as it works. */
    private int scrapeAll(TestBed bed) {
        int scrapes = 0;
        for (int i = 0; i < 5; i++) {
            for (Service service : fleet) {
                assertBalanced(bed.scrape(service));
                scrapes++;
            }
        }
        return scrapes;
    }

    /** A type that has just appeared may not have all of its meters yet; what is missing stands at 0. */
    private static void assertBalanced(Scrape scrape) {
        Map<String, Double> polled = scrape.sumsBy("type", "jobqueue_records_polled_total");
        Map<String, Double> ended = scrape.sumsBy("type", "jobqueue_records_ended_total");
        Map<String, Double> open = scrape.sumsBy("type", "jobqueue_records_open");
        for (String type : TYPES) {
            assertThat(polled.getOrDefault(type, 0.0))
                    .as(type)
                    .isEqualTo(ended.getOrDefault(type, 0.0) + open.getOrDefault(type, 0.0));
            assertThat(open.getOrDefault(type, 0.0)).as("open of " + type).isNotNegative();
        }
    }
}
