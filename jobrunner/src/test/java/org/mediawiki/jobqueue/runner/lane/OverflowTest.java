package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.runner.FakeTarget;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;

/** What cannot start soon waits elsewhere, is in nobody's way, and is back in time. */
class OverflowTest {

    private static final int LIMIT = 30;
    private static final OptionalInt NONE = OptionalInt.empty();

    @ParameterizedTest(name = "{0} jobs of {1} ms")
    @CsvSource({"20000, 100", "20000, 500", "3000, 500", "5000, 5000", "2000, 20000"})
    void aFullSectionIsBusyToTheEndOfItsBacklogAndOthersStartAtOnce(int jobs, int millis) {
        Partition partition = new Partition(new FinerLimits(OptionalInt.of(LIMIT), NONE, OptionalDouble.empty()));
        partition.on("s1").jobsTake(Duration.ofMillis(millis));
        partition.produce("enwiki", "s1", jobs);

        workOff(partition, "s1");

        assertThat(partition.on("s1").use(LIMIT))
                .as("use of the section's slots")
                .isGreaterThan(0.98);
        assertThat(partition.on("s2").longestWait()).isLessThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest(name = "{0} wikis, {1} jobs of {2} ms each, {3} at once")
    @CsvSource({"100, 100, 1000, 2", "10, 500, 200, 10", "1, 5000, 100, 10", "1, 3000, 20, 2", "200, 50, 3000, 1"})
    void fullWikisAreBusyToTheEndOfTheirBacklogAndOthersStartAtOnce(int wikis, int jobs, int millis, int limit) {
        Partition partition = new Partition(new FinerLimits(NONE, OptionalInt.of(limit), OptionalDouble.empty()));
        partition.on("s1").jobsTake(Duration.ofMillis(millis));
        for (int i = 0; i < wikis * jobs; i++) {
            partition.produce("wiki" + i % wikis, "s1", 1);
        }

        workOff(partition, "s1");

        assertThat(partition.on("s1").use(limit * wikis))
                .as("use of the wikis' slots")
                .isGreaterThan(0.98);
        assertThat(partition.on("s2").longestWait()).isLessThan(Duration.ofSeconds(2));
    }

    /** As the first jobs of a process are: connections are opened and code is compiled. */
    @Test
    void aSectionThatIsSlowOnlyAtFirstIsBusyNonetheless() {
        Partition partition = new Partition(new FinerLimits(OptionalInt.of(LIMIT), NONE, OptionalDouble.empty()));
        partition.on("s1").jobsTake(Duration.ofMillis(2_500));
        partition.produce("enwiki", "s1", 20_000);
        partition.pass(Duration.ofSeconds(2));
        partition.on("s1").jobsTake(Duration.ofMillis(50));

        workOff(partition, "s1");

        assertThat(partition.on("s1").use(LIMIT))
                .as("use of the section's slots")
                .isGreaterThan(0.95);
        assertThat(partition.on("s2").longestWait()).isLessThan(Duration.ofSeconds(2));
    }

    /** Whose jobs were slow for long enough to be trusted, as in an incident of the database, and are no longer. */
    @ParameterizedTest(name = "{0} of a section, {1} of a wiki")
    @CsvSource({"4, 240", "240, 4"})
    void nobodyStaysAwayForLongerThanMostWaitHoweverSlowThePlaceIsNow(int perSection, int perWiki) {
        Partition partition = new Partition(limits(perSection, perWiki));
        partition.on("s1").jobsTake(Duration.ofSeconds(60));
        partition.produce("enwiki", "s1", 70);
        partition.pass(Duration.ofMinutes(20));
        assertThat(partition.on("s1").isAllDone()).isTrue();

        partition.produce("enwiki", "s1", 5_000);
        partition.pass(Duration.ofMinutes(1));
        assertThat(partition.turnedAway()).isGreaterThan(4_000);
        assertThat(partition.longestTrip()).isLessThanOrEqualTo(ReturnTimes.MOST_WAIT);

        partition.on("s1").jobsTake(Duration.ofSeconds(1));
        partition.reconfigure(limits(10 * perSection, 10 * perWiki));
        partition.pass(ReturnTimes.MOST_WAIT);

        assertThat(partition.on("s1").running()).as("of 40").isGreaterThan(20);
    }

    private static FinerLimits limits(int perSection, int perWiki) {
        return new FinerLimits(OptionalInt.of(perSection), OptionalInt.of(perWiki), OptionalDouble.empty());
    }

    @Test
    void hundredsOfHeldWikisDoNotBlockTheOthers() {
        Partition partition = new Partition(FinerLimits.NONE);
        for (int i = 0; i < 3_000; i++) {
            partition.makeReadOnly("wiki" + i % 300);
            partition.produce("wiki" + i % 300, "s3", 1);
        }
        for (int second = 0; second < 130; second++) {
            partition.produce("enwiki", "s1", 10);
            partition.pass(Duration.ofSeconds(1));
        }
        assertThat(partition.on("s1").longestWait()).isLessThan(Duration.ofSeconds(2));
        assertThat(partition.on("s3").done()).isZero();

        partition.makeAllWritable();
        partition.pass(Duration.ofSeconds(70));

        assertThat(partition.on("s3").isAllDone()).isTrue();
    }

    @Test
    void fewLargeJobsAreKeptThatAreBlocked() {
        List<TestTask> away = new ArrayList<>();
        FinerLimits one = new FinerLimits(OptionalInt.of(1), NONE, OptionalDouble.empty());
        TypeSettings type = new TypeSettings(new PoolSettings("a", 10, 1, 0, one), Duration.ofHours(1), false);
        LaneSettings settings =
                new LaneSettings("main", NONE, new MostBlocked(250, 1_000_000), BreakerSettings.DEFAULT, name -> type);
        FakeTime time = new FakeTime();
        Lane lane = new Lane(settings, new FakeTarget(), attempt -> new Verdict.Done(200), time);

        for (int i = 0; i < 100; i++) {
            lane.submit(new TestTask("t" + i, "a", "enwiki", "s1", turnedAwayTo(away)).withBodyOf(100_000));
        }

        assertThat(lane.withdraw(task -> true)).hasSizeBetween(8, 10);
        assertThat(away).hasSizeBetween(89, 91);
    }

    /** Whoever submits is short of room, for a while; other settings change nothing of that. */
    @Test
    void fewerAreKeptThatAreBlockedWhereRoomIsShort() {
        List<TestTask> away = new ArrayList<>();
        LaneSettings settings = new LaneSettings(
                "main", NONE, new MostBlocked(250, 1_000_000), BreakerSettings.DEFAULT, name -> oneOfAWikiAtOnce());
        Lane lane = new Lane(settings, new FakeTarget(), attempt -> new Verdict.Done(200), new FakeTime());
        submit(lane, 0, 101, away);
        assertThat(away).isEmpty();

        lane.keepBlocked(30_000);
        assertThat(away).hasSizeBetween(90, 95);

        lane.reconfigure(settings);
        submit(lane, 101, 101, away);
        assertThat(lane.withdraw(task -> true)).hasSizeBetween(5, 10);

        away.clear();
        lane.keepBlocked(Long.MAX_VALUE);
        submit(lane, 202, 100, away);
        assertThat(away).isEmpty();
    }

    @Test
    void aBlockedJobIsNotKeptThatIsLargerThanTheRoom() {
        List<TestTask> away = new ArrayList<>();
        LaneSettings settings = new LaneSettings("main", NONE, name -> oneOfAWikiAtOnce());
        Lane lane = new Lane(settings, new FakeTarget(), attempt -> new Verdict.Done(200), new FakeTime());
        submit(lane, 0, 1, away);
        lane.submit(new TestTask("large", "a", "enwiki", "s1", turnedAwayTo(away)).withBodyOf(100_000));
        assertThat(away).isEmpty();

        lane.keepBlocked(30_000);

        assertThat(away).extracting(task -> task.job().body().length()).containsExactly(100_000);
    }

    /** Whoever is turned away is written elsewhere, where another may have its partition who writes it as well. */
    @Test
    void nobodyIsTurnedAwayWhileNothingMayStart() {
        AtomicBoolean mayStart = new AtomicBoolean(true);
        List<TestTask> away = new ArrayList<>();
        LaneSettings settings = new LaneSettings("main", NONE, name -> oneOfAWikiAtOnce());
        Lane lane =
                new Lane(settings, new FakeTarget(), attempt -> new Verdict.Done(200), new FakeTime(), mayStart::get);
        submit(lane, 0, 101, away);
        mayStart.set(false);

        lane.keepBlocked(30_000);
        lane.reconfigure(settings);
        submit(lane, 101, 10, away);
        assertThat(away).isEmpty();

        mayStart.set(true);
        lane.goOn();
        assertThat(away).hasSizeGreaterThan(90);
    }

    private static TypeSettings oneOfAWikiAtOnce() {
        FinerLimits one = new FinerLimits(NONE, OptionalInt.of(1), OptionalDouble.empty());
        return new TypeSettings(new PoolSettings("a", 10, 1, 0, one), Duration.ofHours(1), false);
    }

    private static void submit(Lane lane, int first, int count, List<TestTask> away) {
        for (int i = first; i < first + count; i++) {
            lane.submit(new TestTask("t" + i, "a", "enwiki", "s1", turnedAwayTo(away)).withBodyOf(1_000));
        }
    }

    private static TestTask.Owner turnedAwayTo(List<TestTask> away) {
        return new TestTask.Owner() {
            @Override
            public void turnedAway(TestTask task, Duration wait, Blockage why) {
                away.add(task);
            }
        };
    }

    private static void workOff(Partition partition, String section) {
        for (int second = 0; second < 20_000 && !partition.on(section).isAllDone(); second++) {
            for (String other : List.of("s2", "s3", "s4", "s5", "s6", "s7", "s8")) {
                partition.produce("wiki-" + other, other, 1);
            }
            partition.pass(Duration.ofSeconds(1));
        }
        assertThat(partition.on(section).isAllDone()).isTrue();
    }
}
