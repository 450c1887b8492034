package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;

/** Time goes on when something is done, and not else. */
final class TimetableTest {

    private static final long BEGIN = TimeUnit.HOURS.toNanos(1);

    private final AtomicLong now = new AtomicLong(BEGIN);
    private final Timetable timetable = new Timetable(now::get);

    @Test
    void whatBeginsLateAndLastsLongEnoughHasHappened() {
        takesUntil(0, 3);
        lasts(1, 10);
        takesUntil(2, 11);

        timetable.run(BEGIN);

        assertThat(timetable.failures()).isEmpty();
    }

    @Test
    void whatIsOverAfterLessThanHalfItsTimeHasNot() {
        takesUntil(0, 9);
        lasts(1, 10);
        takesUntil(2, 10);
        timetable.begin(event(3, 0), Thread.currentThread()::interrupt);

        timetable.run(BEGIN);

        assertThat(timetable.failures()).containsExactly("at PT1S: it lasted PT1S instead of PT10S");
    }

    /** Else it would end as soon as it has begun. */
    @Test
    void whatBeginsLateLastsForHalfItsTime() {
        takesUntil(0, 1);
        EventSpec event = new EventSpec(Duration.ofMillis(100), Duration.ofMillis(200), new Disturbance.Refuse());
        timetable.begin(event, () -> {});
        timetable.end(event, () -> {});
        long before = System.nanoTime();

        timetable.run(BEGIN);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** Else promises would be asked for at the wrong time. */
    @Test
    void whatHappenedIsToldWithItsRealTimes() {
        takesUntil(0, 3);
        lasts(1, 10);
        takesUntil(2, 11);

        timetable.run(BEGIN);

        assertThat(timetable.asTheyHappened(BEGIN))
                .filteredOn(event -> event.what().lasts())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(event.end()).isEqualTo(Duration.ofSeconds(11));
                });
    }

    @Test
    void whatCannotBeDoneIsTold() {
        timetable.begin(event(0, 0), () -> {
            throw new IOException("no such process");
        });

        timetable.run(BEGIN);

        assertThat(timetable.failures()).containsExactly("at PT0S: java.io.IOException: no such process");
    }

    @Test
    void whatWasToComeWhenItIsOverIsTold() {
        timetable.begin(event(0, 0), Thread.currentThread()::interrupt);
        lasts(3_600, 10);

        timetable.run(BEGIN);

        assertThat(timetable.failures()).containsExactly("at PT1H: it was over before this was done");
    }

    @Test
    void whatHasLastedForItsTimeNeedNotEnd() {
        lasts(0, 10);
        takesUntil(0, 9);
        timetable.begin(event(9, 0), Thread.currentThread()::interrupt);

        timetable.run(BEGIN);

        assertThat(timetable.failures()).isEmpty();
    }

    /** At one time something is done that ends at the other; in seconds. */
    private void takesUntil(int at, int until) {
        timetable.begin(event(at, 0), () -> now.set(BEGIN + TimeUnit.SECONDS.toNanos(until)));
    }

    private void lasts(int at, int during) {
        EventSpec event = event(at, during);
        timetable.begin(event, () -> {});
        timetable.end(event, () -> {});
    }

    private static EventSpec event(int at, int during) {
        Disturbance what =
                during == 0 ? new Disturbance.Kill(0) : new Disturbance.Answer(JsonNodeFactory.instance.objectNode());
        return new EventSpec(Duration.ofSeconds(at), Duration.ofSeconds(during), what);
    }
}
