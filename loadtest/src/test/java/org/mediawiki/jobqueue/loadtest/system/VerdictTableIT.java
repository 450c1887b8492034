package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.disconnect;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.hang;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatal;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.phpFatalPage;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.readOnly;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.reset;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.wiki;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.Behaviour;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/**
 * The table of SPEC section 5 but for targets that cannot be reached ({@link UnreachableIT}), row by row; without
 * breakers ({@link OutageIT}), since so much fails here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
final class VerdictTableIT {

    private static final Duration RETRY_DELAY = Duration.ofMillis(300);
    private static final Duration HOLD = Duration.ofSeconds(1);

    /** How late a job may start that waits for a time (SPEC guarantee 5). */
    private static final Duration LATENESS = Duration.ofSeconds(1);

    /** What a clock of milliseconds and one of nanoseconds may disagree by. */
    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(5, Clock.systemUTC());
    private TopicTail errors;
    private int heldWikis;
    private Service service;

    /** Shows that the target is well, so that nobody need wait longer to know that a failure is no outage. */
    private SteadyTraffic others;

    @BeforeAll
    void start() {
        bed.createTopics("Others", "Plain", "Patient", "TooMany", "Unavailable", "Impatient", "OneShot");
        service = bed.start(Setup.lanes("""
                main:
                  target: mw-jobrunner
                  jobs:
                    Impatient: {timeout: 200ms}
                    OneShot: {retry: {limit: 0}}
                """).withKeys("""
                retry: {limit: 2, delay: 300ms, factor: 2}
                readonly_hold: 1s
                breaker: {minimum_calls: 100000}
                """));
        errors = bed.tail(bed.errorTopic());
        others = new SteadyTraffic(bed, Map.of("Others", 1));
    }

    @AfterAll
    void stop() {
        others.close();
        bed.close();
    }

    @ParameterizedTest
    @MethodSource
    void isDoneAtOnce(Behaviour answer) {
        JobEvent job = produce("Plain", answer);

        bed.awaitRequests(job, 1);
        bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain")));
        assertThat(retriesOf(job)).isEmpty();
        assertThat(errors.allWith(job.id())).isEmpty();
    }

    static Stream<Behaviour> isDoneAtOnce() {
        return Stream.of(ok(), status(201), status(202), status(412));
    }

    @Test
    void isRetriedTwiceAfterGrowingDelaysAndThenDead() {
        Map<JobEvent, Integer> statuses = new LinkedHashMap<>();
        for (int status : new int[] {500, 501, 502, 503, 504, 505, 599}) {
            statuses.put(produce("Plain", status(status)), status);
        }

        statuses.forEach((job, status) -> {
            assertThat(details(job).getInteger("status")).isEqualTo(status);
            assertThat(requests(job)).hasSize(3);
            assertWaited(job, 0, RETRY_DELAY);
            assertWaited(job, 1, RETRY_DELAY.multipliedBy(2));
        });
    }

    @Test
    void isDeadAtOnce() {
        Map<JobEvent, Integer> statuses = new LinkedHashMap<>();
        for (int status : new int[] {400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 499}) {
            statuses.put(produce("Plain", status(status)), status);
        }

        statuses.forEach((job, status) -> {
            assertThat(details(job).getInteger("status")).isEqualTo(status);
            assertThat(requests(job)).hasSize(1);
            assertThat(retriesOf(job)).isEmpty();
        });
    }

    @Test
    void aRedirectIsDeadAndNotFollowed() {
        Map<JobEvent, Integer> statuses = new LinkedHashMap<>();
        String elsewhere = bed.runner().restUri().toString();
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            statuses.put(produce("Plain", status(status).header("location", elsewhere)), status);
        }

        statuses.forEach((job, status) -> {
            assertThat(details(job).getInteger("status")).isEqualTo(status);
            assertThat(details(job).getJsonObject("headers").getString("location"))
                    .isEqualTo(elsewhere);
            assertThat(requests(job)).hasSize(1);
        });
    }

    @ParameterizedTest
    @MethodSource
    void isRetriedAndMayThenSucceed(Behaviour failure) {
        JobEvent job = events.next(JobShape.of("Plain"));
        bed.runner().on(id(job.id())).answerTimes(1, failure).then(ok());
        bed.produce(job);

        bed.awaitRequests(job, 2);
        bed.awaitCommitted(bed.group(), List.of(bed.topic("Plain"), bed.retryTopic("Plain")));
        assertThat(requests(job)).hasSize(2);
        assertThat(errors.allWith(job.id())).isEmpty();
    }

    static Stream<Behaviour> isRetriedAndMayThenSucceed() {
        return Stream.of(phpFatal(), phpFatalPage(), disconnect(), reset(), ok().cutShort());
    }

    @Test
    void anAttemptThatTakesTooLongIsRetried() {
        JobEvent job = produce("Impatient", hang());

        assertThat(details(job).getInteger("status")).isEqualTo(504);
        assertThat(requests(job)).hasSize(3);
        assertWaited(job, 0, Duration.ofMillis(200).plus(RETRY_DELAY));
    }

    @Test
    void isDeadAtOnceWhereTheLimitIsZero() {
        JobEvent job = produce("OneShot", status(500));

        assertThat(details(job).getInteger("status")).isEqualTo(500);
        assertThat(requests(job)).hasSize(1);
        assertThat(retriesOf(job)).isEmpty();
    }

    @Test
    void aReadOnlyWikiIsProbedByOneJobWhileOtherWikisFlow() {
        JobShape frozen = JobShape.of("Plain").withWiki("frwiki", "fr.wiki.test");
        bed.runner().on(wiki("frwiki")).answerTimes(2, readOnly()).then(ok());
        JobEvent first = events.next(frozen);
        double holds = bed.holds(service, "type=\"Plain\"");
        bed.produce(first);
        bed.awaitHolds(service, holds + 1, "type=\"Plain\"");

        List<JobEvent> waiting = events.next(10, frozen);
        bed.produce(waiting);
        JobEvent other = produce("Plain", ok());

        bed.awaitRequests(other, 1);
        waiting.forEach(job -> bed.awaitRequests(job, 1));
        List<RecordedRequest> requests = bed.runner().ledger().requests().stream()
                .filter(request -> request.job().event().wiki().equals("frwiki"))
                .toList();
        assertThat(start(requests, 1)).isGreaterThan(end(requests, 0) + held());
        assertThat(start(requests, 2)).isGreaterThan(end(requests, 1) + held());
        assertThat(start(requests, 3)).isGreaterThan(end(requests, 2));
        assertThat(requests(other).get(0).span().startNanos()).isLessThan(start(requests, 1));
        assertThat(errors.allWith("frwiki")).isEmpty();
    }

    @Test
    void aHoldCostsNoAttempt() {
        List<JobEvent> held = List.of(
                produceHeld("Plain", readOnly()),
                produceHeld("Plain", status(423)),
                produceHeld("Plain", ok().header("x-readonly", "true")),
                produceHeld("Plain", status(500).header("x-readonly", "true")),
                produceHeld("TooMany", status(429).header("retry-after", "1")),
                produceHeld("Unavailable", status(503).header("retry-after", "1")));

        assertThat(held).allSatisfy(job -> {
            assertThat(details(job).getInteger("status")).isEqualTo(500);
            assertThat(requests(job)).hasSize(2 + 3);
            assertWaited(job, 0, HOLD);
            assertWaited(job, 1, HOLD);
            assertThat(retriesOf(job))
                    .extracting(retry -> retry.getInteger("retries_left"))
                    .containsExactly(2, 1);
        });
    }

    @Test
    void theTypeWaitsThatTheRunnerAskedPatienceFor() {
        JobEvent first = events.next(JobShape.of("Patient"));
        bed.runner()
                .on(id(first.id()))
                .answerTimes(1, status(503).header("retry-after", "1"))
                .then(ok());
        double holds = bed.holds(service, "type=\"Patient\"");
        bed.produce(first);
        bed.awaitHolds(service, holds + 1, "type=\"Patient\"");

        List<JobEvent> waiting = events.next(5, JobShape.of("Patient"));
        bed.produce(waiting);
        JobEvent other = produce("Plain", ok());

        waiting.forEach(job -> bed.awaitRequests(job, 1));
        bed.awaitRequests(first, 2);
        long heldAt = requests(first).get(0).span().endNanos().orElseThrow();
        assertThat(waiting)
                .allSatisfy(job ->
                        assertThat(requests(job).get(0).span().startNanos()).isGreaterThan(heldAt + held()));
        assertThat(requests(other).get(0).span().startNanos()).isLessThan(heldAt + held());
    }

    private JobEvent produce(String type, Behaviour answer) {
        JobEvent job = events.next(JobShape.of(type));
        bed.runner().on(id(job.id())).answer(answer);
        bed.produce(job);
        return job;
    }

    /** A job of a wiki of its own that is held twice and then fails for good. */
    private JobEvent produceHeld(String type, Behaviour hold) {
        String wiki = "held" + heldWikis++;
        JobEvent job = events.next(JobShape.of(type).withWiki(wiki, wiki + ".test"));
        bed.runner().on(id(job.id())).answerTimes(2, hold).then(status(500));
        bed.produce(job);
        return job;
    }

    /** What the error event of a dead job says of its last attempt. */
    private JsonObject details(JobEvent job) {
        return errors.eventWith(job.id()).getJsonObject("details");
    }

    private List<JsonObject> retriesOf(JobEvent job) {
        try (TopicTail retries = new TopicTail(SharedKafka.bootstrapServers(), bed.retryTopic(job.type()))) {
            return retries.allWith(job.id());
        }
    }

    private List<RecordedRequest> requests(JobEvent job) {
        return bed.runner().ledger().requests(job.id());
    }

    private void assertWaited(JobEvent job, int interval, Duration atLeast) {
        long[] starts = bed.runner().ledger().startsOf(job.id());
        assertThat(Duration.ofNanos(starts[interval + 1] - starts[interval]))
                .isGreaterThanOrEqualTo(atLeast.minus(ROUNDING));
        assertThat(bed.ran(starts[interval] + atLeast.toNanos(), starts[interval + 1]))
                .as("lateness")
                .isLessThanOrEqualTo(LATENESS);
    }

    private static long held() {
        return HOLD.minus(ROUNDING).toNanos();
    }

    private static long start(List<RecordedRequest> requests, int index) {
        return requests.get(index).span().startNanos();
    }

    private static long end(List<RecordedRequest> requests, int index) {
        return requests.get(index).span().endNanos().orElseThrow();
    }
}
