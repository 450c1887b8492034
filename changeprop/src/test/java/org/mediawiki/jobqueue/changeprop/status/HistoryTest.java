package org.mediawiki.jobqueue.changeprop.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.status.History.Point;
import org.mediawiki.jobqueue.changeprop.status.History.Sample;

class HistoryTest {

    private static final TypeKey TYPE = new TypeKey("main", "refreshLinks");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final History history = new History();

    @Test
    void remembersWhatEndedInEachStep() {
        add(0, done(10));
        add(1, done(25));

        assertThat(history.points(TYPE))
                .extracting(point -> point.window().done())
                .containsExactly(10L, 15L);
    }

    @Test
    void addsWhatEndedSinceTheLastStepToTheLastMinute() {
        add(0, done(100));
        add(3, done(130));
        add(8, done(150));

        Window minute = history.last(TYPE, History.stepsOfAMinute(), done(157), at(8));

        assertThat(minute.done()).isEqualTo(30 + 20 + 7);
    }

    @Test
    void knowsWhatEndedOfATypeThatWasNotSeenYet() {
        assertThat(history.last(TYPE, History.stepsOfAMinute(), done(4), at(0)).done())
                .isEqualTo(4);
    }

    @Test
    void forgetsAfterAnHourHoweverLongItRuns() {
        for (int step = 0; step < 3 * History.POINTS; step++) {
            add(step, done(step));
        }

        assertThat(history.points(TYPE)).hasSizeLessThanOrEqualTo(History.POINTS);
        assertThat(history.last(TYPE, History.POINTS, done(3 * History.POINTS - 1), at(3 * History.POINTS - 1))
                        .done())
                .isEqualTo(History.POINTS);
    }

    @Test
    void leavesOutStepsInWhichNothingWasGoingOn() {
        add(0, done(1));
        add(1, done(1));
        history.add(at(2), Map.of(TYPE, new Sample(done(1), Map.of(), 3, 0, 0)));

        assertThat(history.points(TYPE)).extracting(Point::running).containsExactly(0L, 3L);
    }

    @Test
    void countsWhatTheAttemptsOfTheLastHourCameTo() {
        history.add(at(0), Map.of(TYPE, new Sample(done(5), Map.of("done 200", 5L), 0, 0, 0)));
        history.add(at(History.POINTS + 1), Map.of(TYPE, new Sample(done(6), Map.of("done 200", 6L), 0, 0, 0)));

        assertThat(history.verdicts(TYPE, Map.of("done 200", 6L, "dead 400", 2L)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("done 200", 1L, "dead 400", 2L));
    }

    @Test
    void addsUpWhatSeveralInstancesKnow() {
        Point one = new Point(7, done(1), 1, 2, 3);
        Point other = new Point(7, done(10), 10, 20, 30);
        Point alone = new Point(6, done(5), 0, 0, 0);

        assertThat(History.merged(List.of(List.of(one), List.of(alone, other))))
                .containsExactly(alone, new Point(7, done(11), 11, 22, 33));
    }

    private void add(int step, Window total) {
        history.add(at(step), Map.of(TYPE, new Sample(total, Map.of(), 0, 0, 0)));
    }

    private static Instant at(int step) {
        return START.plus(Duration.ofSeconds(10L * step));
    }

    private static Window done(long count) {
        return new Window(count, 0, 0, 0, 0, 0, 0);
    }
}
