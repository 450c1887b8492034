package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Behaviour;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/**
 * SPEC guarantee 7, at 100 jobs a second that may not be retried at all, or twice: whatever the target does, none is
 * dead of it and none spends an attempt, and work resumes within 5 s of its end. And one sick type is no outage.
 */
@Alone
final class OutageIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration RESUME = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Map<String, Integer> TRAFFIC = Map.of("Once", 5, "Thrice", 5);
    private static final int LIMIT = 60;

    /** A runner that is back takes so long, so that what it is sent at once shows. */
    private static final Duration LATENCY = Duration.ofMillis(100);

    /** Each of the two types begins with as many as there are probes, and may have twice as many after each step. */
    private static final int PROBES = 3;

    private static final Duration STEP = Duration.ofMillis(200);

    /** What happens to the target, for how long where it is short, and how it ends. */
    private record Outage(String name, int seconds, Consumer<StandInRunner> begin, Consumer<StandInRunner> end) {

        static Outage answering(String name, int seconds, Behaviour behaviour) {
            return new Outage(name, seconds, runner -> runner.on(any()).answer(behaviour), OutageIT::answerAgain);
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
                new Outage("refused", 4, StandInRunner::refuseConnections, OutageIT::restart),
                new Outage("hang, then restart", 8, runner -> runner.on(any()).answer(hang()), OutageIT::restart));
    }

    private static void answerAgain(StandInRunner runner) {
        runner.rules().clear();
        runner.on(any()).answer(ok().after(LATENCY));
    }

    private static void restart(StandInRunner runner) {
        answerAgain(runner);
        runner.refuseConnections();
        runner.acceptConnections();
    }

    @Execution(CONCURRENT)
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
                        Once: {concurrency: %1$d, retry: {limit: 0}}
                        Thrice: {concurrency: %1$d, retry: {limit: 2, delay: 100ms, factor: 2}}
                    """.formatted(LIMIT)).withTarget("timeout: 120s"));
            SteadyTraffic traffic = new SteadyTraffic(bed, TRAFFIC);
            long back;
            try (traffic) {
                pass(WARM_UP);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(ledger.notDone(traffic.ids()))
                                .hasSizeLessThan(traffic.ids().size()));
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

            await().atMost(DRAIN.plus(whatTheLimitsNeed(traffic.ids().size())))
                    .until(() -> ledger.notDone(traffic.ids()).isEmpty());
            List<RecordedRequest> since = requestsSince(back, ledger);
            report(outage, back, since);
            assertThat(since.get(0).span().startNanos() - back).isLessThan(RESUME.toNanos());
            assertThatTheRunnerIsNotStampeded(since);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Once"), bed.topic("Thrice")));
            assertThat(bed.tail(bed.errorTopic()).all()).as("dead").isEmpty();
            assertThat(bed.tail(bed.retryTopic("Thrice")).all())
                    .as("attempts spent")
                    .isEmpty();
        }
    }

    @Execution(CONCURRENT)
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

    @Execution(CONCURRENT)
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

    private static Duration whatTheLimitsNeed(int jobs) {
        return LATENCY.multipliedBy(jobs).dividedBy((long) TRAFFIC.size() * LIMIT);
    }

    /** Those that went well and were sent since the moment, in their order. */
    private static List<RecordedRequest> requestsSince(long momentNanos, RequestLedger ledger) {
        return ledger.requests().stream()
                .filter(request -> request.span().startNanos() >= momentNanos
                        && request.ending().status() == 200)
                .toList();
    }

    /**
     * The probes come first, and take their time; from then on, of each type no more are under way than the steps since
     * then allow. One step more is allowed here, since requests do not take equally long to arrive.
     */
    private static void assertThatTheRunnerIsNotStampeded(List<RecordedRequest> since) {
        long closed = since.get(0).span().startNanos() + LATENCY.toNanos();
        for (RecordedRequest request : since) {
            long now = request.span().startNanos();
            long steps = 1 + Math.max(0, now - closed) / STEP.toNanos();
            if (steps > 5) {
                return;
            }
            assertThat(underWay(since, now))
                    .as("under way %s after the first", Duration.ofNanos(now - closed + LATENCY.toNanos()))
                    .isLessThanOrEqualTo(((long) TRAFFIC.size() * PROBES) << steps);
        }
    }

    private static long underWay(List<RecordedRequest> requests, long nowNanos) {
        return requests.stream()
                .filter(request -> request.span().startNanos() <= nowNanos
                        && request.span().endNanos().orElseThrow() > nowNanos)
                .count();
    }

    private static void report(Outage outage, long back, List<RecordedRequest> since) {
        RecordedRequest first = since.get(0);
        RecordedRequest last = since.get(since.size() - 1);
        System.out.printf(
                "%s for %s: resumed after %d ms, %,d jobs in %d ms; under way 0.2 s apart:",
                outage,
                outage.lasts(),
                (first.span().startNanos() - back) / 1_000_000,
                since.size(),
                (last.span().startNanos() - first.span().startNanos()) / 1_000_000);
        for (int i = 0; i <= 10; i++) {
            System.out.print(" " + underWay(since, first.span().startNanos() + i * STEP.toNanos()));
        }
        System.out.println();
    }

    /** Lets the traffic go on for so long. */
    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }
}
