package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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

/** An outage is over after 15 s, and what follows has settled after 30 s. */
final class CalmPromisesTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);
    private Scenario scenario;
    private int jobs;

    @BeforeEach
    void aTypeOfTwoSlotsAndAPoolOfTwo() throws Exception {
        Path file = folder.resolve("scenario.yaml");
        Files.writeString(file, """
                about: a test
                dispatcher:
                  jobs: {slow: {concurrency: 2}}
                  config: {lanes: {main: {low_traffic: {concurrency: 2}}}}
                load:
                  - {types: [slow, few, many], rate: 1/s, for: 60s}
                  - {types: [new], rate: 1/s, for: 10s, after: 30s}
                events: [{at: 10s, for: 5s, refuse: true}]
                expect: {settles: 15s}
                """);
        scenario = Scenarios.named(file.toString());
    }

    @Test
    void nothingToLookAtKeepsNoPromise() {
        job("slow", 20, 25, 26);

        assertThat(checks()).hasSize(2).noneMatch(Check::held);
    }

    @Test
    void aJobMayWaitForAsLongAsEverySlotIsTaken() {
        job("slow", 31, 31, 35);
        job("slow", 31, 31, 38);
        job("slow", 32, 35, 36);

        assertThat(besideFreeSlots().held()).isTrue();
        assertThat(besideFreeSlots().found()).isEqualTo("0 of 3 did not");
    }

    @Test
    void aJobDoesNotWaitBesideAFreeSlot() {
        job("slow", 31, 31, 35);
        job("slow", 32, 35, 36);

        assertThat(besideFreeSlots().held()).isFalse();
        assertThat(besideFreeSlots().found()).isEqualTo("1 of 2 did not: slow at 32.00 s, for 3.00 s");
    }

    @Test
    void aFullPoolIsReasonEnoughWhoeverFillsIt() {
        job("many", 31, 31, 35);
        job("few", 31, 31, 35);
        job("many", 32, 35, 36);

        assertThat(besideFreeSlots().held()).isTrue();
    }

    /** An answer has to come back, and the next request to arrive. */
    @Test
    void aSlotMayBeEmptyForAMomentBetweenTwoJobs() {
        for (int i = 0; i < 100; i++) {
            job("slow", 31, 31 + i * 0.1, 31.081 + i * 0.1);
            job("slow", 31, 31 + i * 0.1, 31.081 + i * 0.1);
        }

        assertThat(besideFreeSlots().held()).isTrue();

        for (int i = 0; i < 20; i++) {
            job("slow", 41, 41 + i * 0.1, 41.05 + i * 0.1);
            job("slow", 41, 41 + i * 0.1, 41.05 + i * 0.1);
        }

        assertThat(besideFreeSlots().held()).isFalse();
    }

    @Test
    void oneOfAHundredMayBeLate() {
        for (int i = 0; i < 99; i++) {
            job("slow", 31 + i * 0.1, 31.01 + i * 0.1, 31.02 + i * 0.1);
        }
        job("slow", 50, 55, 56);

        assertThat(besideFreeSlots().held()).isTrue();

        job("slow", 52, 57, 58);

        assertThat(besideFreeSlots().held()).isFalse();
    }

    @Test
    void whatWasDueBeforeCountsFromWhereItShouldHaveSettled() {
        job("slow", 5, 30.9, 31);
        job("few", 5, 31.1, 32);

        assertThat(besideFreeSlots().found()).isEqualTo("1 of 2 did not: few at 30.00 s, for 1.10 s");
    }

    @Test
    void aRetryWaitsOnPurpose() {
        job("slow", 31, 31.5, 32);
        requests.add("job 0", "slow", 0, nanos(40), nanos(41), OK);

        assertThat(besideFreeSlots().held()).isTrue();
    }

    @Test
    void theTopicOfANewTypeMustBeFoundFirst() {
        job("slow", 31, 31.5, 32);
        job("new", 31, 35, 36);

        assertThat(besideFreeSlots().held()).isTrue();
    }

    @Test
    void inThePoolATypeWithFewJobsDoesNotWaitBehindOneWithMany() {
        job("many", 31, 31, 35);
        job("many", 31, 31, 35);
        job("many", 31, 35, 36);
        job("few", 32, 32.9, 33);

        assertThat(behindACrowd().held()).isTrue();
        assertThat(behindACrowd().found()).isEqualTo("0 of 1 did not");

        job("few", 33, 35, 36);

        assertThat(behindACrowd().held()).isFalse();
        assertThat(behindACrowd().found()).isEqualTo("1 of 2 did not: few at 33.00 s, for 2.00 s");
    }

    private Check besideFreeSlots() {
        return checks().get(0);
    }

    private Check behindACrowd() {
        return checks().get(1);
    }

    private List<Check> checks() {
        Seen seen = new Seen(
                requests.build(),
                List.of(),
                scenario.events(),
                List.of(),
                List.of(),
                List.of(),
                Accounts.Tally.NONE,
                Optional.empty(),
                0,
                0,
                nanos(60));
        Duration settles = scenario.expect().settles();
        assertThat(settles).isNotNull();
        return new CalmPromises(scenario, seen).after(settles).toList();
    }

    /** In seconds from the beginning. */
    private void job(String type, double due, double start, double end) {
        String id = "job " + jobs++;
        book.add(id, nanos(due), true);
        requests.add(id, type, 0, nanos(start), nanos(end), OK);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * SECOND);
    }
}
