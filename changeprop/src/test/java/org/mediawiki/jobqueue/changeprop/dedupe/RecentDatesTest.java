package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

final class RecentDatesTest {

    private static final Duration TTL = Duration.ofHours(1);
    private static final Instant EARLY = FakeTime.START;
    private static final Instant LATE = EARLY.plusSeconds(9);

    private final FakeTime time = new FakeTime();

    @Test
    void forgetsWhenTheTimeIsOver() {
        RecentDates dates = dates(1 << 20);
        dates.moveForward("a", EARLY);

        time.advance(TTL.minusNanos(1));
        assertThat(dates.get("a")).contains(EARLY);

        time.advance(Duration.ofNanos(1));
        assertThat(dates.get("a")).isEmpty();
    }

    @Test
    void makesRoomOfWhatHasExpired() {
        RecentDates dates = dates(1 << 20);
        for (int i = 0; i < 100; i++) {
            dates.moveForward("old" + i, EARLY);
        }

        time.advance(TTL);
        dates.moveForward("new", EARLY);

        assertThat(dates.size()).isOne();
    }

    @Test
    void forgetsTheOldestWhereRoomIsNeeded() {
        // 136 bytes for an entry, and 2 for each of its key's 4 characters.
        RecentDates dates = dates(10 * 144);

        for (int i = 0; i < 25; i++) {
            dates.moveForward("k%03d".formatted(i), EARLY);
        }

        assertThat(dates.size()).isEqualTo(10);
        assertThat(dates.get("k014")).isEmpty();
        assertThat(dates.get("k015")).contains(EARLY);
        assertThat(dates.get("k024")).contains(EARLY);
    }

    @Test
    void holdsNoKeyThatIsLargerThanAllTheRoom() {
        RecentDates dates = dates(1_000);
        dates.moveForward("small", EARLY);

        dates.moveForward("k".repeat(1_000), EARLY);
        dates.moveForward("small", EARLY);

        assertThat(dates.size()).isOne();
        assertThat(dates.get("small")).contains(EARLY);
    }

    @Test
    void movesForwardOnly() {
        RecentDates dates = dates(1 << 20);
        dates.moveForward("a", LATE);

        dates.moveForward("a", EARLY);
        assertThat(dates.get("a")).contains(LATE);

        dates.moveForward("a", LATE.plusSeconds(1));
        assertThat(dates.get("a")).contains(LATE.plusSeconds(1));
        assertThat(dates.size()).isOne();
    }

    @Test
    void countsTheTimeAnewFromTheLastMove() {
        RecentDates dates = dates(1 << 20);
        dates.moveForward("a", EARLY);
        time.advance(TTL.minusSeconds(1));

        dates.moveForward("a", EARLY);
        time.advance(Duration.ofSeconds(2));

        assertThat(dates.get("a")).contains(EARLY);
    }

    @Test
    void putsAnEarlierDateWhereTheLaterHasExpired() {
        RecentDates dates = dates(1 << 20);
        dates.moveForward("a", LATE);
        time.advance(TTL);

        dates.moveForward("a", EARLY);

        assertThat(dates.get("a")).contains(EARLY);
    }

    private RecentDates dates(long maxBytes) {
        return new RecentDates(TTL, maxBytes, time);
    }
}
