package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/** SPEC guarantee 1 against brokers that go away while jobs wait, fail and die. */
final class BrokerOutageIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final Duration OUTAGE = Duration.ofSeconds(SOAK ? 30 : 10);
    private static final int EACH = SOAK ? 2_000 : 300;

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(17, Clock.systemUTC());

    @Test
    void nothingIsLostThatWaitsFailsOrDiesWhileTheBrokersAreDown() throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(
                        EmbeddedKafkaOptions.in(folder.resolve("kafka")).withBrokers(1));
                TestBed bed = new TestBed(StandInOptions.defaults(), kafka.bootstrapServers())) {
            bed.createTopics("Waiting", "Failing", "Dying", "Slow");
            bed.runner().on(type("Failing")).answerTimes(EACH, status(500)).then(ok());
            bed.runner().on(type("Dying")).answer(status(404));
            bed.runner().on(type("Slow")).answer(ok().after(Duration.ofMillis(200)));
            bed.start(Setup.lanes("main: {target: mw-jobrunner, low_traffic: {concurrency: 20, max_share: 0.5}}")
                    .withKeys("""
                            retry: {limit: 2, delay: 6s, factor: 1}
                            breaker: {minimum_calls: 100000}
                            """));
            Instant due = Instant.now().plus(OUTAGE).plusSeconds(8);
            List<JobEvent> waiting = events.next(EACH, JobShape.of("Waiting").withDelayUntil(due));
            List<JobEvent> failing = events.next(EACH, JobShape.of("Failing"));
            List<JobEvent> dying = events.next(EACH, JobShape.of("Dying"));
            List<JobEvent> slow = events.next(EACH, JobShape.of("Slow"));
            List.of(waiting, failing, dying, slow).forEach(bed::produce);
            RequestLedger ledger = bed.runner().ledger();
            ledger.awaitRequests(EACH / 2, TestBed.PATIENCE);

            goDown(kafka);

            await().atMost(TestBed.PATIENCE.plusSeconds(60)).untilAsserted(() -> {
                assertThat(ledger.notDone(ids(waiting))).as("waiting").isEmpty();
                assertThat(ledger.notDone(ids(failing))).as("failing").isEmpty();
                assertThat(ledger.notDone(ids(slow))).as("slow").isEmpty();
            });
            TopicTail errors = bed.tail(bed.errorTopic());
            dying.forEach(job -> assertThat(errors.eventWith(job.id())).isNotNull());
        }
    }

    private static void goDown(EmbeddedKafka kafka) throws IOException {
        kafka.stopBroker(1);
        await().pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).until(() -> true);
        kafka.startBroker(1);
    }

    private static Set<String> ids(Collection<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }
}
