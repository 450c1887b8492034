package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

final class RecentDatesTest {

    private static final Duration TTL = Duration.ofHours(1);
    private static final Instant EARLY = FakeTime.START;
    private static final Instant LATE = EARLY.plusSeconds(9);
    private static final Scope SCOPE = new Scope("refreshLinks", "en.example.org");
    private static final Scope ELSEWHERE = new Scope("refreshLinks", "de.example.org");

    private final FakeTime time = new FakeTime();

    @Test
    void forgetsWhenTheTimeIsOver() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "a", EARLY);

        time.advance(TTL.minusNanos(1));
        assertThat(dates.get(SCOPE, "a")).contains(EARLY);

        time.advance(Duration.ofNanos(1));
        assertThat(dates.get(SCOPE, "a")).isEmpty();
    }

    @Test
    void makesRoomOfWhatHasExpired() {
        RecentDates dates = dates(128);
        for (int i = 0; i < 100; i++) {
            dates.moveForward(SCOPE, "old" + i, EARLY);
        }

        time.advance(TTL);
        dates.moveForward(SCOPE, "new", EARLY);

        assertThat(dates.size()).isOne();
    }

    @Test
    void forgetsTheOldestWhereRoomIsNeeded() {
        RecentDates dates = dates(8);

        for (int i = 0; i < 25; i++) {
            dates.moveForward(SCOPE, "k%03d".formatted(i), EARLY);
        }

        assertThat(dates.size()).isEqualTo(8);
        assertThat(dates.get(SCOPE, "k016")).isEmpty();
        assertThat(dates.get(SCOPE, "k017")).contains(EARLY);
        assertThat(dates.get(SCOPE, "k024")).contains(EARLY);
    }

    @Test
    void tellsScopesApart() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "a", EARLY);

        assertThat(dates.get(ELSEWHERE, "a")).isEmpty();
        assertThat(dates.get(new Scope("Links", SCOPE.domain()), "a")).isEmpty();

        dates.moveForward(ELSEWHERE, "a", LATE);
        assertThat(dates.get(SCOPE, "a")).contains(EARLY);
        assertThat(dates.get(ELSEWHERE, "a")).contains(LATE);
    }

    @Test
    void findsATextInEveryScopeTheOldestFirst() {
        RecentDates dates = dates(8);
        dates.moveForward(ELSEWHERE, "a", LATE);
        dates.moveForward(SCOPE, "b", EARLY);
        dates.moveForward(SCOPE, "a", EARLY);

        List<Scope> found = new ArrayList<>();
        dates.forEach("a", (scope, date) -> found.add(scope));

        assertThat(found).containsExactly(ELSEWHERE, SCOPE);
    }

    /** A root event may have hundreds of thousands of leaves, and each of them puts its date in. */
    @Test
    void aDateThatIsPutInAgainAndAgainPushesNoOtherOut() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "rare", EARLY);

        for (int i = 0; i < 100; i++) {
            dates.moveForward(SCOPE, "busy", LATE.plusNanos(999));
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(dates.get(SCOPE, "rare")).contains(EARLY);
        assertThat(dates.get(SCOPE, "busy")).contains(LATE);
    }

    @Test
    void movesForwardOnly() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "a", LATE);

        dates.moveForward(SCOPE, "a", EARLY);
        assertThat(dates.get(SCOPE, "a")).contains(LATE);

        dates.moveForward(SCOPE, "a", LATE.plusSeconds(1));
        assertThat(dates.get(SCOPE, "a")).contains(LATE.plusSeconds(1));
        assertThat(dates.size()).isOne();
    }

    @Test
    void countsTheTimeAnewFromTheLastMove() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "a", EARLY);
        time.advance(TTL.minusSeconds(1));

        dates.moveForward(SCOPE, "a", EARLY);
        time.advance(Duration.ofSeconds(2));

        assertThat(dates.get(SCOPE, "a")).contains(EARLY);
    }

    @Test
    void putsAnEarlierDateWhereTheLaterHasExpired() {
        RecentDates dates = dates(8);
        dates.moveForward(SCOPE, "a", LATE);
        time.advance(TTL);

        dates.moveForward(SCOPE, "a", EARLY);

        assertThat(dates.get(SCOPE, "a")).contains(EARLY);
    }

    @Test
    void takesADateOfAnyYear() {
        RecentDates dates = dates(8);

        dates.moveForward(SCOPE, "a", Instant.MIN);

        assertThat(dates.get(SCOPE, "a")).contains(Instant.EPOCH);
    }

    private RecentDates dates(int mostRows) {
        return new RecentDates(TTL, mostRows, time);
    }
}
