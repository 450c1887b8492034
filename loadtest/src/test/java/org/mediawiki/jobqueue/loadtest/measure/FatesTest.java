package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

final class FatesTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final Ending FAILED = new Ending(Outcome.ANSWERED, 503);
    private static final Ending GONE = new Ending(Outcome.GONE, 0);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);

    @Test
    void aJobThatWasDueAndNeverAnsweredIsNotDone() {
        book.add("due", 0, true);
        book.add("failed", 0, true);
        book.add("later", 10 * SECOND, true);
        requests.add("failed", "type", 0, 0, 1, FAILED);

        assertThat(fates().notDone(SECOND)).isEqualTo(2);
    }

    @Test
    void aRetryOfWhatFailedIsNoRepetition() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, 0, 1, FAILED);
        requests.add("job", "type", 0, 2, 3, OK);

        assertThat(fates().repeated()).isZero();
    }

    @Test
    void whatRanTwiceIsARepetitionAndOnlyAKillExcusesIt() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, SECOND, 2 * SECOND, GONE);
        requests.add("job", "type", 0, 5 * SECOND, 6 * SECOND, OK);

        assertThat(fates().repeatedWithoutCause()).isEqualTo(1);
        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isZero();
        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeated())
                .isEqualTo(1);
    }

    /** Its lease has ended by then, whether it knows or not. */
    @Test
    void whatItBeganLongAfterItWasCutOffIsNotExcused() {
        Disturbances.Cut cut = Disturbances.Cut.silence(0, 2 * SECOND, 16 * SECOND);
        book.add("within", 0, true);
        book.add("later", 0, true);
        requests.add("within", "type", 0, 6 * SECOND, 7 * SECOND, OK);
        requests.add("within", "type", 1, 9 * SECOND, 10 * SECOND, OK);
        requests.add("later", "type", 0, 9 * SECOND, 10 * SECOND, OK);
        requests.add("later", "type", 1, 11 * SECOND, 12 * SECOND, OK);

        assertThat(fates(cut).repeated()).isEqualTo(2);
        assertThat(fates(cut).repeatedWithoutCause()).isEqualTo(1);
        assertThat(fates(cut).examples(0)).startsWith("later");
    }

    @Test
    void whatRanAtAnotherInstanceIsNotExcused() {
        book.add("job", 0, true);
        requests.add("job", "type", 1, SECOND, 2 * SECOND, GONE);
        requests.add("job", "type", 1, 5 * SECOND, 6 * SECOND, OK);

        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isEqualTo(1);
        assertThat(fates(new Disturbances.Cut(1, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isZero();
    }

    @Test
    void whereRunnersRefuseItIsEverybodys() {
        book.add("job", 0, true);
        requests.add("job", "type", 1, SECOND, 2 * SECOND, GONE);
        requests.add("job", "type", 1, 5 * SECOND, 6 * SECOND, OK);

        assertThat(fates(new Disturbances.Cut(Contender.UNKNOWN, 2 * SECOND, 2 * SECOND))
                        .repeatedWithoutCause())
                .isZero();
    }

    @Test
    void whoDoesNotSayWhichInstanceItIsMayBeAny() {
        book.add("job", 0, true);
        requests.add("job", "type", Contender.UNKNOWN, SECOND, 2 * SECOND, GONE);
        requests.add("job", "type", Contender.UNKNOWN, 5 * SECOND, 6 * SECOND, OK);

        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isZero();
    }

    @Test
    void runnersThatRefuseDoNotExplainWhatWaitsTwice() {
        book.addDelayed("job", 2 * SECOND, 10 * SECOND);
        requests.add("job", "type", 0, 10 * SECOND, 11 * SECOND, OK);
        requests.add("job", "type", 0, 10 * SECOND, 11 * SECOND, OK);

        assertThat(fates(new Disturbances.Cut(Contender.UNKNOWN, 2 * SECOND, 2 * SECOND))
                        .repeatedWithoutCause())
                .isEqualTo(1);
    }

    /** Its retry was written by one who was cut off then, and its next owner ran it again. */
    @Test
    void theRetryOfWhatFailedWhereAProcessWasCutMayComeBesideAnother() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, SECOND, 2 * SECOND, FAILED);
        requests.add("job", "type", 0, 5 * SECOND, 6 * SECOND, OK);
        requests.add("job", "type", 0, 7 * SECOND, 8 * SECOND, OK);

        assertThat(fates().repeatedWithoutCause()).isEqualTo(1);
        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isZero();
    }

    @Test
    void whatWasBeingScheduledWhereAProcessWasCutMayWaitTwice() {
        book.addDelayed("job", 2 * SECOND, 10 * SECOND);
        book.addDelayed("before", SECOND, 10 * SECOND);
        for (String id : List.of("job", "before")) {
            requests.add(id, "type", 0, 10 * SECOND, 11 * SECOND, OK);
            requests.add(id, "type", 0, 10 * SECOND, 11 * SECOND, OK);
        }

        assertThat(fates().repeatedWithoutCause()).isEqualTo(2);
        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 5 * SECOND)).repeatedWithoutCause())
                .isEqualTo(1);
    }

    @Test
    void whatEndedLongBeforeTheKillIsNotExcused() {
        book.add("job", 0, true);
        requests.add("job", "type", 0, 0, SECOND, OK);
        requests.add("job", "type", 0, 5 * SECOND, 6 * SECOND, OK);

        assertThat(fates(new Disturbances.Cut(0, 2 * SECOND, 2 * SECOND)).repeatedWithoutCause())
                .isEqualTo(1);
    }

    @Test
    void whatWasSentTwiceMayRunTwice() {
        book.add("job", 0, true);
        book.add("job", 1, true);
        requests.add("job", "type", 0, 0, 1, OK);
        requests.add("job", "type", 0, 2, 3, OK);

        assertThat(fates().repeated()).isZero();
        assertThat(fates().ranMoreThanOnce()).isEqualTo(1);
    }

    @Test
    void requestsForOtherJobsDoNotCount() {
        book.add("job", 0, true);
        requests.add("somebody else's", "type", 0, 0, 1, OK);

        assertThat(requests.build().size()).isZero();
    }

    private Fates fates(Disturbances.Cut... cuts) {
        return new Fates(requests.build(), List.of(cuts), Duration.ofMillis(100));
    }
}
