package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

/** A check that cannot fail would claim whatever one likes: each is shown what keeps its promise, and what breaks it. */
final class PromisesTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final Ending FAILED = new Ending(Outcome.ANSWERED, 503);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);
    private Scenario scenario;
    private List<String> failures = List.of();
    private List<String> surprises = List.of();
    private List<Disturbances.Cut> cuts = List.of();
    private List<Samples.Sample> samples = List.of();
    private Accounts.Tally accounts = Accounts.Tally.NONE;

    @BeforeEach
    void aLimitOfTwo() throws Exception {
        scenario("expect: {}");
    }

    @Test
    void everyJobThatWasDueIsDone() {
        book.add("job", 0, true);

        assertThat(check("every job that was due is done").held()).isFalse();

        requests.add("job", "type", 0, 0, 1, OK);

        assertThat(check("every job that was due is done").held()).isTrue();
    }

    /** Whoever enqueues is told of it, and what was not acknowledged may never have come. */
    @Test
    void nothingIsOwedOfWhatKafkaDidNotTake() throws Exception {
        book.add("job", 0, true);
        book.refuse("job");

        assertThat(check("every job that was due is done").held()).isTrue();
        assertThat(check("Kafka takes every job").held()).isFalse();
    }

    @Test
    void whereBrokersBreakKafkaMayRefuseAFew() throws Exception {
        scenario("events: [{at: 1s, for: 1s, broker: 1}]", "brokers: 3");
        for (int i = 0; i < 200; i++) {
            request("job " + i, "another", i, i + 1);
        }
        book.refuse("job 0");
        book.refuse("job 1");

        assertThat(check("Kafka takes 99 %").held()).isTrue();

        book.refuse("job 2");

        assertThat(check("Kafka takes 99 %").held()).isFalse();
    }

    @Test
    void whatIsAllowedToBeLeftIsNotAskedFor() throws Exception {
        scenario("expect: {all_done: false}");
        book.add("job", 0, true);

        assertThat(checks()).noneMatch(check -> check.what().contains("is done"));
    }

    @Test
    void nothingRunsTwice() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, 0, 1, OK);

        assertThat(check("nothing ran twice").held()).isTrue();

        requests.add("job", "type", 0, 2 * SECOND, 3 * SECOND, OK);

        assertThat(check("nothing ran twice").held()).isFalse();
        assertThat(check("nothing ran twice").found())
                .startsWith("1 did")
                .contains("job [type 0.00-0.00, type 2.00-3.00]");
    }

    @Test
    void nothingBeginsBeforeItsTime() {
        book.add("job", 10 * SECOND, true);
        requests.add("job", "type", 0, 10 * SECOND, 11 * SECOND, OK);

        assertThat(check("nothing began before its time").held()).isTrue();

        book.add("another", 10 * SECOND, true);
        requests.add("another", "type", 0, 9 * SECOND, 10 * SECOND, OK);

        assertThat(check("nothing began before its time").held()).isFalse();
    }

    @Test
    void whatIsSentTwiceRunsOnceWhereThatIsPromised() throws Exception {
        scenario("expect: {once_per_id: true}");
        book.add("job", 0, true);
        book.add("job", 0, true);
        requests.add("job", "type", 0, 0, 1, OK);

        assertThat(check("what is sent twice runs once").held()).isTrue();

        requests.add("job", "type", 0, 2, 3, OK);

        assertThat(check("what is sent twice runs once").held()).isFalse();
    }

    @Test
    void aLimitHolds() {
        runAtOnce(2, 0);

        assertThat(check("no more than 2 of type at once").held()).isTrue();

        runAtOnce(3, 10 * SECOND);

        assertThat(check("no more than 2 of type at once").held()).isFalse();
        assertThat(check("no more than 2 of type at once").found())
                .isEqualTo("3 at the most, more at first at 10.00 s");
    }

    @Test
    void aLimitThatIsRaisedForATimeIsTheHighestThatIsAllowed() throws Exception {
        scenario("events: [{at: 10s, for: 20s, limit: {type: type, concurrency: 3}}]");
        runAtOnce(3, 13 * SECOND);

        assertThat(check("no more than 3 of type at once").held()).isTrue();

        runAtOnce(4, 20 * SECOND);

        assertThat(check("no more than 3 of type at once").held()).isFalse();
    }

    @Test
    void aLimitThatWasRaisedForATimeIsItselfBeforeAndAfter() throws Exception {
        scenario("events: [{at: 10s, for: 10s, limit: {type: type, concurrency: 3}}]");
        runAtOnce(2, 9 * SECOND);
        runAtOnce(3, 13 * SECOND);
        runAtOnce(3, 28 * SECOND);
        String what = "no more than 2 of type at once when that is its limit";

        assertThat(check(what).held()).isTrue();

        runAtOnce(3, 31 * SECOND);

        assertThat(check(what).found()).isEqualTo("3 at the most");
        assertThat(check(what).held()).isFalse();
    }

    @Test
    void aLimitThatWasLoweredHoldsNineSecondsLater() throws Exception {
        scenario("events: [{at: 10s, for: 20s, limit: {type: type, concurrency: 1}}]");
        runAtOnce(2, 18 * SECOND);

        assertThat(check("no more than 1 of type at once from 19 s to 30 s").held())
                .isTrue();

        runAtOnce(2, 20 * SECOND);

        assertThat(check("no more than 1 of type at once from 19 s to 30 s").held())
                .isFalse();
    }

    @Test
    void nothingStartsWhileItsTypeIsPausedFromNineSecondsOn() throws Exception {
        scenario("events: [{at: 10s, for: 20s, pause: type}]");
        request("not everywhere yet", "type", 18 * SECOND, 25 * SECOND);
        request("another", "another", 20 * SECOND, 21 * SECOND);
        request("over", "type", 30 * SECOND, 31 * SECOND);

        assertThat(check("none of type starts from 19 s to 30 s").held()).isTrue();

        request("paused", "type", 29 * SECOND, 30 * SECOND);

        assertThat(check("none of type starts from 19 s to 30 s").held()).isFalse();
    }

    @Test
    void recordsAreAccountedForWhereThatIsPromised() throws Exception {
        scenario("expect: {accounts: true}");
        String promise = "every record is accounted for";

        assertThat(check(promise).held()).as("nobody looked").isFalse();

        accounts = new Accounts.Tally(3, 0, List.of());

        assertThat(check(promise).held()).isTrue();

        accounts = new Accounts.Tally(3, 1, List.of("type={}"));

        assertThat(check(promise).held()).isFalse();
        assertThat(check(promise).found()).isEqualTo("1 of 3 looks say otherwise: [type={}]");
    }

    @Test
    void typesWithoutALimitOfTheirOwnHaveOneTogether() throws Exception {
        scenario(
                "dispatcher: {jobs: {type: {concurrency: 2}}, config: {lanes: {main: {low_traffic: {concurrency: 2}}}}}");
        request("one", "rareOne", 0, SECOND);
        request("two", "rareTwo", 1, SECOND);
        String promise = "no more than 2 at once of the job types that have no limit of their own";

        assertThat(check(promise).held()).isTrue();

        request("limited", "type", 2, SECOND);

        assertThat(check(promise).held()).as("it is not of the pool").isTrue();

        request("three", "rareThree", 3, SECOND);

        assertThat(check(promise).held()).isFalse();
        assertThat(check(promise).found()).isEqualTo("3 at the most, more at first at 0.00 s");
    }

    @Test
    void noMoreBeginInATimeThanTheRateAllows() throws Exception {
        scenario("dispatcher: {jobs: {type: {concurrency: 100, rate: 2/s}}}");
        String promise = "no more than 23 of type begin within 10 s, at 2/s";
        for (int i = 0; i < 23; i++) {
            request("in time " + i, "type", i * SECOND / 10, i * SECOND / 10 + 1);
        }
        request("ten seconds after the first", "type", 10 * SECOND, 11 * SECOND);

        assertThat(check(promise).held()).isTrue();

        request("too soon", "type", 9 * SECOND, 10 * SECOND);

        assertThat(check(promise).held()).isFalse();
        assertThat(check(promise).found()).isEqualTo("24 at the most");
    }

    @Test
    void everyTypeRunsAgainSoonAfterAnOutage() throws Exception {
        scenario(
                "events: [{at: 10s, for: 20s, refuse: true}, {at: 40s, for: 1s, answer: {type: type, answer: '503'}}]",
                "expect: {resumes: 5s}");
        String promise = "every job type runs again within 5000 ms of the outage that ends at 30 s";
        request("in vain", "type", 30 * SECOND, 31 * SECOND, FAILED);
        request("probe", "type", 34 * SECOND, 35 * SECOND, OK);
        request("later", "type", 50 * SECOND, 51 * SECOND, OK);

        assertThat(check(promise).held()).isTrue();
        assertThat(checks())
                .filteredOn(check -> check.what().contains("outage"))
                .hasSize(1);

        book.add("of another type", 20 * SECOND, true);
        requests.add("of another type", "another", 0, 36 * SECOND, 37 * SECOND, OK);

        assertThat(check(promise).held()).isFalse();
        assertThat(check(promise).found()).isEqualTo("6000 ms at the most");
    }

    /** Else a type of which nothing ran for as long would be taken for one of which nothing came. */
    @Test
    void whatBeganToWaitBeforeCountsWhicheverJobRunsFirst() throws Exception {
        scenario("events: [{at: 10s, for: 20s, refuse: true}]", "expect: {resumes: 5s}");
        book.add("waits", 25 * SECOND, true);
        request("overtakes", "type", 50 * SECOND, 51 * SECOND);
        requests.add("waits", "type", 0, 52 * SECOND, 53 * SECOND, OK);

        assertThat(check("every job type runs again").held()).isFalse();
        assertThat(check("every job type runs again").found()).isEqualTo("20000 ms at the most");
    }

    /** It is no fault of the dispatcher that no job came. */
    @Test
    void whatComesLongAfterAnOutageHasNotWaitedForIt() throws Exception {
        scenario("events: [{at: 10s, for: 20s, refuse: true}]", "expect: {resumes: 5s}");
        request("job", "type", 50 * SECOND, 51 * SECOND, OK);

        assertThat(check("every job type runs again").held()).isTrue();
    }

    @Test
    void aTypeThatNeverRunsAgainBreaksThePromise() throws Exception {
        scenario("events: [{at: 10s, for: 20s, refuse: true}]", "expect: {resumes: 5s}");
        request("before", "type", 0, SECOND, OK);

        assertThat(check("every job type runs again").held()).isFalse();
        assertThat(check("every job type runs again").found()).isEqualTo("one never does");
    }

    @Test
    void restCostsLittleWhereThatIsPromised() throws Exception {
        scenario("length: 10s", "expect: {cpu: 0.02}");
        samples = List.of(
                new Samples.Sample(0, Duration.ZERO, 0, 0),
                new Samples.Sample(10 * SECOND, Duration.ofMillis(200), 0, 0));

        assertThat(check("it costs no more than 2.0 % of a core").held()).isTrue();

        samples = List.of(
                new Samples.Sample(0, Duration.ZERO, 0, 0),
                new Samples.Sample(10 * SECOND, Duration.ofMillis(210), 0, 0));

        assertThat(check("it costs no more than 2.0 % of a core").held()).isFalse();
    }

    @Test
    void theFirstJobComesSoonWhereThatIsPromised() throws Exception {
        scenario("expect: {first_job: 3s}");

        assertThat(check("the first job starts within 3000 ms").held())
                .as("none ever does")
                .isFalse();

        request("job", "type", 3 * SECOND, 4 * SECOND);

        assertThat(check("the first job starts within 3000 ms").held()).isTrue();
    }

    @Test
    void theFirstJobThatComesLateBreaksThePromise() throws Exception {
        scenario("expect: {first_job: 3s}");
        request("job", "type", 3 * SECOND + SECOND / 100, 4 * SECOND);

        assertThat(check("the first job starts within 3000 ms").held()).isFalse();
    }

    @Test
    void slotsAreBusyWhereThatIsPromised() throws Exception {
        scenario("load: [{types: [type], rate: 1/s, for: 10s}]", "expect: {utilisation: 0.9}");
        book.add("long", 0, true);
        requests.add("long", "type", 0, 0, 10 * SECOND, OK);

        assertThat(check("90.0 % of the slots of type are busy").held()).isFalse();
        assertThat(check("90.0 % of the slots of type are busy").found()).isEqualTo("50.0 %");

        book.add("beside it", 0, true);
        requests.add("beside it", "type", 0, 0, 10 * SECOND, OK);

        assertThat(check("90.0 % of the slots of type are busy").held()).isTrue();
    }

    @Test
    void nobodyWaitsLongWhereThatIsPromised() throws Exception {
        scenario("expect: {p99: 500ms}");

        assertThat(check("99 of 100 jobs start within 500 ms").held())
                .as("nothing started")
                .isFalse();

        // What is measured begins with the first.
        book.add("first", 0, false);
        requests.add("first", "type", 0, 0, 1, OK);
        book.add("job", 1, true);
        requests.add("job", "type", 0, SECOND / 10, SECOND, OK);

        assertThat(check("99 of 100 jobs start within 500 ms").held()).isTrue();

        book.add("another", SECOND, true);
        requests.add("another", "type", 0, 2 * SECOND, 3 * SECOND, OK);

        assertThat(check("99 of 100 jobs start within 500 ms").held()).isFalse();
    }

    @Test
    void anEventThatCouldNotBeCarriedOutBreaksTheRun() {
        assertThat(checks()).noneMatch(check -> check.what().equals("every event happened"));

        failures = List.of("at PT10S: no such process");

        assertThat(check("every event happened").held()).isFalse();
    }

    @Test
    void nobodyEndsByItself() {
        assertThat(check("no process ended by itself").held()).isTrue();

        surprises = List.of("instance-0.log: ended by itself with 3");

        assertThat(check("no process ended by itself").held()).isFalse();
        assertThat(check("no process ended by itself").found()).isEqualTo("instance-0.log: ended by itself with 3");
    }

    /** Nobody can tell what an instance that was killed has under way; what others have counts on. */
    @Test
    void whereOneInstanceIsCutTheLimitHoldsForTheOthers() {
        runAtOnce(2, 0);
        cuts = List.of(new Disturbances.Cut(0, SECOND / 2, SECOND / 2));
        book.add("after the kill", 0, true);
        requests.add("after the kill", "type", 1, SECOND / 2 + 1, SECOND, OK);

        assertThat(check("no more than 2 of type at once").held()).isTrue();

        cuts = List.of(new Disturbances.Cut(1, SECOND / 2, SECOND / 2));

        assertThat(check("no more than 2 of type at once").held()).isFalse();
    }

    @Test
    void memoryIsBoundedWhereThatIsPromised() throws Exception {
        samples = List.of(new Samples.Sample(SECOND, Duration.ZERO, 200 << 20, 0));

        assertThat(checks()).noneMatch(check -> check.what().contains("resident"));

        scenario("expect: {memory: 200MiB}");

        assertThat(check("all instances together have no more than 200MiB").held())
                .isTrue();

        scenario("expect: {memory: 199MiB}");

        assertThat(check("all instances together have no more than 199MiB").held())
                .isFalse();
    }

    @Test
    void aRetryOfWhatFailedBreaksNothing() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, 0, 1, FAILED);
        requests.add("job", "type", 0, 2, 3, OK);

        assertThat(checks()).allMatch(Check::held);
    }

    private void request(String id, String type, long start, long end) {
        request(id, type, start, end, OK);
    }

    /** Of a job that was to start at once. */
    private void request(String id, String type, long start, long end, Ending ending) {
        book.add(id, start, true);
        requests.add(id, type, 0, start, end, ending);
    }

    /** So many jobs, for a second each. */
    private void runAtOnce(int count, long fromNanos) {
        for (int i = 0; i < count; i++) {
            String id = i + " at " + fromNanos;
            book.add(id, fromNanos, true);
            requests.add(id, "type", 0, fromNanos + i, fromNanos + SECOND, OK);
        }
    }

    private void scenario(String... keys) throws Exception {
        Path file = folder.resolve("scenario.yaml");
        String standing = keys[0].startsWith("dispatcher") ? "" : "dispatcher: {jobs: {type: {concurrency: 2}}}";
        String length = keys[0].startsWith("events") ? "length: 60s" : "";
        Files.write(file, List.of("about: a test", standing, length));
        Files.write(file, List.of(keys), StandardOpenOption.APPEND);
        scenario = Scenarios.named(file.toString());
    }

    private Check check(String what) {
        return checks().stream()
                .filter(check -> check.what().startsWith(what))
                .findFirst()
                .orElseThrow();
    }

    private List<Check> checks() {
        Seen seen = new Seen(
                requests.build(),
                samples,
                scenario.events(),
                cuts,
                failures,
                surprises,
                accounts,
                Optional.empty(),
                0,
                0,
                60 * SECOND);
        Fates fates = new Fates(seen.requests(), seen.cuts(), scenario.expect().window());
        Evaluation evaluation = new Evaluation(scenario, seen, fates);
        Promises.Figures figures = new Promises.Figures(
                evaluation.counts(), evaluation.steady(), evaluation.latency(), evaluation.types());
        return new Promises(scenario, seen, fates, figures).all();
    }
}
