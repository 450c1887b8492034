package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC guarantee 7: an outage of the target costs no attempts, and work resumes within 5 s after it. */
@Alone
final class UnreachableIT {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String SHORT_RETRIES = "retry: {limit: 2, delay: 100ms, factor: 2}";

    private final JobEvents events = new JobEvents(6, Clock.systemUTC());

    @Execution(CONCURRENT)
    @Test
    void aTargetThatRefusesConnectionsCostsNoAttempts() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Plain");
            TopicTail errors = bed.tail(bed.errorTopic());
            JobEvent failing = events.next(JobShape.of("Plain"));
            List<JobEvent> good = events.next(100, JobShape.of("Plain"));
            bed.runner().on(id(failing.id())).answer(status(500));
            bed.runner().refuseConnections();
            Service service = bed.start(Setup.plain().withKeys(SHORT_RETRIES));
            bed.produce(failing);
            bed.produce(good);
            bed.awaitHolds(service, 3);
            assertThat(bed.admin(service, "/readyz").statusCode()).isEqualTo(503);
            assertThat(bed.admin(service, "/readyz").body()).contains("refused");
            assertThat(bed.admin(service, "/healthz").statusCode()).isEqualTo(200);
            assertThat(bed.admin(service, "/startedz").statusCode())
                    .as("neither rollouts nor posts wait for the target")
                    .isEqualTo(200);

            bed.runner().acceptConnections();

            bed.runner().ledger().awaitRequests(1, SOON);
            bed.runner().ledger().awaitEnded(good.size() + 1, TestBed.PATIENCE);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain")));
            assertThat(errors.eventWith(failing.id())).isNotNull();
            assertThat(bed.runner().ledger().requests(failing.id())).hasSize(3);
            assertThat(bed.runner().ledger().ranMoreThanOnce()).containsExactly(failing.id());
            assertThat(errors.all()).hasSize(1);
        }
    }

    @Execution(CONCURRENT)
    @Test
    void aTargetThatGoesAwayWhileJobsRunComesBack() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Plain");
            Service service = bed.start(Setup.plain().withKeys(SHORT_RETRIES));
            bed.produce(events.next(20, JobShape.of("Plain")));
            bed.runner().ledger().awaitEnded(20, TestBed.PATIENCE);
            bed.runner().refuseConnections();
            List<JobEvent> later = events.next(200, JobShape.of("Plain"));
            bed.produce(later);
            bed.awaitHolds(service, 2);

            bed.runner().acceptConnections();

            bed.runner().ledger().awaitRequests(21, SOON);
            bed.runner().ledger().awaitEnded(220, TestBed.PATIENCE);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain")));
            assertThat(bed.runner().ledger().ranMoreThanOnce()).isEmpty();
            assertThat(bed.tail(bed.errorTopic()).all()).isEmpty();
        }
    }

    @Execution(CONCURRENT)
    @Test
    void jobsWaitWhereTheNameIsNotFoundAndRunWhenItIs() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Plain");
            List<JobEvent> jobs = events.next(10, JobShape.of("Plain"));
            bed.produce(jobs);
            URI nowhere = URI.create("https://mw-jobrunner.invalid:4448/rpc/RunSingleJob.php");
            Setup lost = Setup.plain()
                    .withTarget("connect_timeout: 1s")
                    .aimedAt(nowhere, bed.runner().caFile());
            Service service = bed.start(lost);
            bed.awaitHolds(service, 2);
            assertThat(bed.admin(service, "/readyz").body()).contains("mw-jobrunner.invalid");
            assertThat(bed.tail(bed.errorTopic()).all()).isEmpty();
            bed.stop(service);

            bed.start();

            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain")));
            assertThat(bed.runner().ledger().count()).isEqualTo(jobs.size());
        }
    }
}
