package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.standin.Outcome;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

final class EarlyStartsTest {

    private static final Ending OK = new Ending(Outcome.ANSWERED, 200);
    private static final long BEGIN = TimeUnit.HOURS.toNanos(1);

    private final JobBook book = new JobBook();
    private final Requests.Builder requests = new Requests.Builder(book);

    @Test
    void whatBeginsBeforeItsTimeIsEarly() {
        job("early", 100, 95);
        job("in time", 100, 100);
        job("late", 100, 120);

        assertThat(early()).isEqualTo(1);
    }

    @Test
    void aPartOfASecondIsEarlyToo() {
        long due = BEGIN + TimeUnit.SECONDS.toNanos(100);
        jobAt("half a second", due, due - TimeUnit.MILLISECONDS.toNanos(500));
        jobAt("by what clocks differ", due, due - TimeUnit.MILLISECONDS.toNanos(40));

        assertThat(early()).isEqualTo(1);
    }

    @Test
    void aClockThatIsAheadExplainsAsMuchAsItIsAhead() {
        job("released by it", 100, 60);
        job("due later than it thinks", 160, 60);
        job("before it jumped", 100, 49);

        assertThat(early(clock(50, 10, 90))).isEqualTo(2);
    }

    @Test
    void aClockThatIsBehindExplainsNothing() {
        job("early", 100, 60);

        assertThat(early(clock(50, 10, -90))).isEqualTo(1);
    }

    private void job(String id, int dueSeconds, int startSeconds) {
        jobAt(id, BEGIN + TimeUnit.SECONDS.toNanos(dueSeconds), BEGIN + TimeUnit.SECONDS.toNanos(startSeconds));
    }

    private void jobAt(String id, long due, long start) {
        book.add(id, due, true);
        requests.add(id, "type", 0, start, start + 1, OK);
    }

    private static EventSpec clock(int at, int during, int by) {
        return new EventSpec(
                Duration.ofSeconds(at), Duration.ofSeconds(during), new Disturbance.Clock(0, Duration.ofSeconds(by)));
    }

    private long early(EventSpec... events) {
        return new EarlyStarts(requests.build(), List.of(events), BEGIN).count();
    }
}
