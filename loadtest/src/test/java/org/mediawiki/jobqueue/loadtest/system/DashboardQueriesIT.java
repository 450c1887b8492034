package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.firstAttempts;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.observe.Dashboards;
import org.mediawiki.jobqueue.loadtest.observe.PrometheusServer;

/** Every query of every dashboard, asked of a real Prometheus that scrapes a running service. */
final class DashboardQueriesIT {

    private static final Setup SETUP =
            Setup.lanes("main: {target: mw-jobrunner}").withKeys("""
            retry: {limit: 1, delay: 50ms, factor: 1}
            intake: {enabled: true, port: 0}
            """);

    /** Shows breakers that are not closed: while all are closed, that is none. */
    private static final String OPEN_BREAKERS = "max by (type) (jobqueue_type_breaker{job=\"$job\"}) > 0";

    private final JobEvents events = new JobEvents(31, Clock.systemUTC());

    @Test
    void everyQueryReturnsData(@TempDir Path folder) {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("refreshLinks");
            bed.runner()
                    .on(type("refreshLinks").and(firstAttempts(1)))
                    .answerTimes(2, status(500))
                    .thenTimes(1, status(404));
            Service service = bed.start(SETUP);
            try (PrometheusServer prometheus = PrometheusServer.scraping(folder, service.adminPort())) {
                bed.producer().produceTombstone(bed.topic("refreshLinks"));
                // One that waits in the scheduler while the queries are asked, and one that comes back before.
                bed.produce(events.next(
                        JobShape.of("refreshLinks").withDelayUntil(Instant.now().plus(Duration.ofHours(1)))));
                bed.produce(events.next(
                        JobShape.of("refreshLinks").withDelayUntil(Instant.now().plus(Duration.ofSeconds(6)))));
                await().atMost(TestBed.PATIENCE.multipliedBy(2)).untilAsserted(() -> {
                    bed.produce(events.next(2, JobShape.of("refreshLinks").withRoot("root", Instant.now())));
                    assertThat(TestBed.get(service.intakePort().orElseThrow(), "/v1/_test/events")
                                    .statusCode())
                            .isBetween(200, 299);
                    assertThat(Dashboards.queries()).isNotEmpty();
                    assertThat(Dashboards.queries().stream().filter(query -> hasNoData(prometheus, query)))
                            .isSubsetOf(OPEN_BREAKERS);
                });
            }
        }
    }

    private static boolean hasNoData(PrometheusServer prometheus, String query) {
        return prometheus.ask(asOfNow(query)).isEmpty();
    }

    /** As Grafana does it. */
    private static String asOfNow(String query) {
        return query.replace("$job", PrometheusServer.JOB)
                .replace("$type", "refreshLinks")
                .replace("$ruletype", "refreshLinks")
                .replace("$__rate_interval", "1m");
    }
}
