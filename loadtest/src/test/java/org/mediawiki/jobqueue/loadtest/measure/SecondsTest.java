package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

final class SecondsTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final Ending FAILED = new Ending(Outcome.ANSWERED, 503);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);

    @Test
    void aRetryIsNoLatency() {
        book.add("job", SECOND / 2, true);
        requests.add("job", "type", 0, SECOND / 2, SECOND, FAILED);
        requests.add("job", "type", 0, 3 * SECOND, 4 * SECOND, OK);

        List<Result.Second> seconds = seconds();

        assertThat(seconds.get(0).p99()).isZero();
        assertThat(seconds.get(3).p99()).isNull();
        assertThat(seconds.get(3).inFlight()).isEqualTo(1);
    }

    private List<Result.Second> seconds() {
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
                5 * SECOND);
        return new Seconds(seen).all();
    }
}
