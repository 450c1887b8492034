package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

/** Of a load of twenty seconds. */
final class EvaluationTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);

    @Test
    void aStandstillIsTheTimeBetweenTwoStartsWhileSomethingWaits() throws Exception {
        job("first", 1, 1);
        job("waits", 2, 5);
        job("comes later", 15, 15);

        assertThat(standstillMillis()).isEqualTo(3_000);
    }

    @Test
    void aStandstillLastsToTheEndWhereNothingStartsAnyMore() throws Exception {
        job("first", 1, 1);
        job("starts when it is over", 8, 25);
        book.add("never starts", 10 * SECOND, true);

        assertThat(standstillMillis()).isEqualTo(12_000);
    }

    @Test
    void whatIsDueLaterOrWasRefusedWaitsForNothing() throws Exception {
        job("first", 1, 1);
        book.add("due later", 60 * SECOND, true);
        book.add("refused", 2 * SECOND, true);
        book.refuse("refused");

        assertThat(standstillMillis()).isZero();
    }

    private void job(String id, int dueSeconds, int startSeconds) {
        book.add(id, dueSeconds * SECOND, true);
        requests.add(id, "type", 0, startSeconds * SECOND, startSeconds * SECOND + 1, OK);
    }

    private long standstillMillis() throws Exception {
        Path file = Files.writeString(folder.resolve("scenario.yaml"), "{about: a test, length: 20s}");
        Scenario scenario = Scenarios.named(file.toString());
        Seen seen = new Seen(
                requests.build(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Accounts.Tally.NONE,
                Optional.empty(),
                0,
                0,
                60 * SECOND);
        Fates fates = new Fates(seen.requests(), List.of(), Duration.ZERO);
        return new Evaluation(scenario, seen, fates).steady().longestStandstillMillis();
    }
}
