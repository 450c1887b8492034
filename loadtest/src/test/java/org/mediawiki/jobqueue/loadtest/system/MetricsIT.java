package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatal;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC section 8, the legacy service's metrics, and guarantee 9: every record is accounted for, always. */
final class MetricsIT {

    private static final Setup SETUP = Setup.lanes("main: {target: mw-jobrunner, jobs: {Own: {concurrency: 5}}}")
            .withKeys("""
                    retry: {limit: 1, delay: 50ms, factor: 1}
                    breaker: {minimum_calls: 100000}
                    """);

    private final JobEvents events = new JobEvents(11, Clock.systemUTC());

    @Test
    void theLegacyMetricsHaveTheirNamesAndLabels() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own", "Foo_bar");
            bed.runner().on(type("Foo_bar").and(firstAttempts(1))).answer(status(500));
            Service service = bed.start(SETUP);
            bed.produce(events.next(
                    3, JobShape.of("Foo_bar").withRoot("r", Instant.now().minusSeconds(40))));
            bed.produce(events.next(4, JobShape.of("Own")));
            bed.awaitEnded("Foo_bar", 6);
            bed.awaitEnded("Own", 4);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Own"), bed.topic("Foo_bar"), bed.retryTopic("Foo_bar")));

            Scrape scrape = bed.scrape(service);

            String of = "service=\"" + bed.group() + "\"";
            String foo = "rule=\"low-traffic-jobs-mediawiki-job-Foo-bar\"";
            String own = "rule=\"Own-mediawiki-job-Own\"";
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_count", of, foo))
                    .isEqualTo(3);
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_count", of, own))
                    .isEqualTo(4);
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_sum", of, own))
                    .isBetween(0.0, 60.0);
            assertThat(scrape.sum("cpjobqueue_retry_rule_processing_count", of, foo))
                    .isEqualTo(3);
            assertThat(scrape.sum("cpjobqueue_retry_rule_processing_delay_count", of, foo))
                    .isEqualTo(3);
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_delay_count", of, own))
                    .isEqualTo(4);
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_total_delay_bucket", of, foo, "le=\"30.0\""))
                    .isZero();
            assertThat(scrape.sum("cpjobqueue_normal_rule_processing_total_delay_bucket", of, foo, "le=\"300.0\""))
                    .isEqualTo(3);
            for (String bound : List.of("1", "30", "60", "300", "600", "1800", "3600", "21600", "86400")) {
                assertThat(scrape.has(
                                "cpjobqueue_normal_rule_processing_delay_bucket", of, own, "le=\"" + bound + ".0\""))
                        .as(bound)
                        .isTrue();
            }
            assertThat(scrape.sum("cpjobqueue_dequeue", of, own)).isEqualTo(4);
            assertThat(scrape.sum(
                            "cpjobqueue_produce", of, "stream=\"" + bed.group() + ".retry.mediawiki.job.Foo_bar\""))
                    .isEqualTo(3);
        }
    }

    @Test
    void everyRecordIsAccountedForAtEveryScrape() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Own", "Mixed");
            bed.runner().on(type("Own")).answer(ok().after(Duration.ofMillis(2)));
            bed.runner()
                    .on(type("Mixed").and(firstAttempts(1)))
                    .answerTimes(300, status(500))
                    .thenTimes(100, phpFatal())
                    .thenTimes(100, status(404));
            Service service = bed.start(SETUP);
            bed.produce(events.next(3_000, JobShape.of("Own")));
            bed.produce(events.next(1_000, JobShape.of("Mixed")));
            bed.producer().produceRaw(bed.topic("Own"), Buffer.buffer("no job"));
            bed.producer().produceTombstone(bed.topic("Own"));

            for (int i = 0; i < 50; i++) {
                assertBalanced(bed.scrape(service));
            }

            bed.awaitEnded("Own", 3_000);
            bed.awaitEnded("Mixed", 1_400);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Own"), bed.topic("Mixed"), bed.retryTopic("Mixed")));
            Scrape last = bed.scrape(service);
            assertBalanced(last);
            assertThat(last.sum("jobqueue_records_open")).isZero();
            assertThat(last.sum("jobqueue_records_polled_total")).isEqualTo(3_002 + 1_000 + 400);
            assertThat(ended(last, "done")).isEqualTo(3_000 + 500 + 400);
            assertThat(ended(last, "retried")).isEqualTo(400);
            assertThat(ended(last, "dead")).isEqualTo(101);
            assertThat(ended(last, "skipped")).isEqualTo(1);
        }
    }

    private static void assertBalanced(Scrape scrape) {
        for (String type : List.of("type=\"Own\"", "type=\"Mixed\"")) {
            assertThat(scrape.sum("jobqueue_records_polled_total", type))
                    .isEqualTo(scrape.sum("jobqueue_records_ended_total", type)
                            + scrape.sum("jobqueue_records_open", type));
        }
    }

    private static double ended(Scrape scrape, String ending) {
        return scrape.sum("jobqueue_records_ended_total", "ending=\"" + ending + "\"");
    }
}
