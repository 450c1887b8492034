package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/** A stop by a signal under load, and the next start (SPEC section 7, exit codes; guarantee 2). */
final class SigtermIT {

    private static final String TYPE = "refreshLinks";
    private static final Setup SETUP = Setup.lanes(
                    "main: {target: mw-jobrunner, jobs: {refreshLinks: {concurrency: 20}}}")
            .withKafka("first_start: earliest, consumer: {session.timeout.ms: 45000}");
    private static final int SIGTERM_EXIT = 143;

    /**
     * Measured alone it is under 3 s, and several times that where others share the machine's two cores; whoever waited for the
     * session of the one before would take longer than this.
     */
    private static final Duration FIRST_JOB_AFTER_START = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void drainsCommitsAndLeavesSoThatTheNextStartGoesOnAtOnceAndRepeatsNothing() {
        List<JobEvent> jobs = new JobEvents(3, Clock.systemUTC()).next(1_000, JobShape.of(TYPE));
        try (TestBed bed = new TestBed()) {
            bed.runner().on(type(TYPE)).answer(ok().after(Duration.ofMillis(200)));
            bed.produce(jobs);
            RequestLedger ledger = bed.runner().ledger();
            ServiceProcess first = start(bed);
            ledger.awaitRequests(200, TestBed.PATIENCE);

            first.terminate();

            assertThat(first.awaitExit(Duration.ofSeconds(30))).isEqualTo(SIGTERM_EXIT);
            assertThat(ledger.inFlight()).isZero();
            assertThat(ledger.requests()).allMatch(request -> request.ending().outcome() == Outcome.ANSWERED);
            assertThat(bed.members()).isEmpty();
            TopicPartition partition = new TopicPartition(bed.topic(TYPE), 0);
            assertThat(bed.committed(bed.group())).containsEntry(partition, (long) ledger.count());

            int done = ledger.count();
            try (ServiceProcess second = start(bed)) {
                long started = ledger.nowNanos();
                ledger.awaitRequests(done + 1, FIRST_JOB_AFTER_START);
                System.out.println("first job " + Duration.ofNanos(ledger.nowNanos() - started) + " after the start");
                bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
                second.terminate();
                assertThat(second.awaitExit(Duration.ofSeconds(30))).isEqualTo(SIGTERM_EXIT);
            }
            assertThat(ledger.notDone(jobs.stream().map(JobEvent::id).collect(Collectors.toSet())))
                    .isEmpty();
            assertThat(ledger.ranMoreThanOnce()).isEmpty();
        }
    }

    private ServiceProcess start(TestBed bed) {
        return ServiceProcess.start(folder, bed.yaml(SETUP));
    }
}
