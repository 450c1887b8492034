package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.reset;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.any;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Behaviour;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/**
 * SPEC guarantee 7, at 100 jobs a second that may not be retried at all, or twice: whatever the target does, none is
 * dead of it and none spends an attempt, and work resumes within 5 s of its end. And one sick type is no outage.
 */
final class OutageIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration RESUME = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Map<String, Integer> TRAFFIC = Map.of("Once", 5, "Thrice", 5);

    /** What happens to the target, for how long where it is short, and how it ends. */
    private record Outage(String name, int seconds, Consumer<StandInRunner> begin, Consumer<StandInRunner> end) {

        static Outage answering(String name, int seconds, Behaviour behaviour) {
            return new Outage(
                    name,
                    seconds,
                    runner -> runner.on(any()).answer(behaviour),
                    runner -> runner.rules().clear());
        }

        Duration lasts() {
            return Duration.ofSeconds(SOAK ? 60 : seconds);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Outage> noOutageCostsAttempts() {
        return Stream.of(
                Outage.answering("unavailable", 4, status(503)),
                Outage.answering("bad gateway", 4, status(502)),
                Outage.answering("reset", 4, reset()),
                Outage.answering("slow", 8, ok().after(Duration.ofSeconds(8))),
                new Outage("refused", 4, StandInRunner::refuseConnections, StandInRunner::acceptConnections),
                new Outage("hang, then restart", 8, runner -> runner.on(any()).answer(hang()), OutageIT::restart));
    }

    private static void restart(StandInRunner runner) {
        runner.rules().clear();
        runner.refuseConnections();
        runner.acceptConnections();
    }

    @ParameterizedTest
    @MethodSource
    void noOutageCostsAttempts(Outage outage) {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Once", "Thrice");
            bed.createTopic(bed.errorTopic(), 1);
            RequestLedger ledger = bed.runner().ledger();
            Service service = bed.start(Setup.lanes("""
                    main:
                      target: mw-jobrunner
                      jobs:
                        Once: {concurrency: 20, retry: {limit: 0}}
                        Thrice: {concurrency: 20, retry: {limit: 2, delay: 100ms, factor: 2}}
                    """).withTarget("timeout: 120s"));
            SteadyTraffic traffic = new SteadyTraffic(bed, TRAFFIC);
            long back;
            try (traffic) {
                pass(WARM_UP);
                assertThat(ledger.notDone(traffic.ids()))
                        .hasSizeLessThan(traffic.ids().size());
                outage.begin().accept(bed.runner());
                pass(outage.lasts());
                assertThat(bed.scrape(service).sum("jobqueue_target_breaker")
                                + bed.scrape(service).sum("jobqueue_type_breaker"))
                        .as("breakers are open")
                        .isPositive();
                outage.end().accept(bed.runner());
                back = ledger.nowNanos();
                pass(Duration.ofSeconds(1));
            }

            await().atMost(DRAIN).until(() -> ledger.notDone(traffic.ids()).isEmpty());
            assertThat(firstDoneAfter(back, ledger)).isLessThan(RESUME);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Once"), bed.topic("Thrice")));
            assertThat(bed.tail(bed.errorTopic()).all()).as("dead").isEmpty();
            assertThat(bed.tail(bed.retryTopic("Thrice")).all())
                    .as("attempts spent")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void oneSickTypeLeavesTheOthersAlone(int status) {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Sick", "Healthy");
            bed.runner().on(type("Sick")).answer(status(status));
            Service service = bed.start(Setup.plain());
            try (SteadyTraffic traffic = new SteadyTraffic(bed, Map.of("Sick", 19, "Healthy", 1))) {
                pass(Duration.ofSeconds(6));
                Scrape scrape = bed.scrape(service);
                assertThat(traffic.ids()).hasSizeGreaterThan(1_000);
                assertThat(scrape.sum("jobqueue_target_breaker")).isZero();
                assertThat(scrape.sum("jobqueue_type_breaker", "type=\"Healthy\""))
                        .isZero();
                assertThat(scrape.sum("jobqueue_type_breaker", "type=\"Sick\"")).isPositive();
                assertThat(bed.runner().ledger().count("Healthy")).isGreaterThan(40);
                assertThat(bed.runner().ledger().count("Sick")).isLessThan(200);
            }
        }
    }

    @Test
    void aJobThatFailsAloneIsNoOutage() {
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Bad");
            bed.runner().on(type("Bad")).answer(status(503));
            TopicTail errors = bed.tail(bed.errorTopic());
            bed.start(Setup.plain().withKeys("retry: {limit: 2, delay: 100ms, factor: 2}"));
            try (SteadyTraffic traffic = new SteadyTraffic(bed, Map.of("Good", 2))) {
                JobEvent bad = new JobEvents(3, Clock.systemUTC()).next(JobShape.of("Bad"));
                await().until(() -> !traffic.ids().isEmpty());
                bed.produce(bad);
                assertThat(errors.eventWith(bad.id())).isNotNull();
                assertThat(bed.runner().ledger().requests(bad.id())).hasSize(3);
            }
        }
    }

    private static Duration firstDoneAfter(long momentNanos, RequestLedger ledger) {
        return ledger.requests().stream()
                .filter(request -> request.span().startNanos() >= momentNanos
                        && request.ending().status() == 200)
                .findFirst()
                .map(request -> Duration.ofNanos(request.span().startNanos() - momentNanos))
                .orElseThrow();
    }

    /** Lets the traffic go on for so long. */
    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }
}
