package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

class WaitingRoomTest {

    private final FakeTime time = new FakeTime();
    private final List<Called> called = new ArrayList<>();
    private final WaitingRoom room = new WaitingRoom(time, job -> called.add(new Called(job, time.instant())));

    private record Called(OpenJob job, Instant at) {}

    @Test
    void callsEveryJobAtItsTimeWhateverTheOrderTheyCameIn() {
        Random random = new Random(1);
        List<Called> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            OpenJob job = OpenJobs.any();
            Instant due = FakeTime.START.plusMillis(1 + random.nextInt(60_000));
            room.add(job, due);
            expected.add(new Called(job, due));
        }
        assertThat(time.timers()).as("one timer serves them all").isEqualTo(1);

        time.advance(Duration.ofMinutes(1));

        assertThat(called).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(called).isSortedAccordingTo(Comparator.comparing(Called::at));
        assertThat(room.size()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void hasRoomForFewWhoseTimeIsNear() {
        assertThat(room.takes(FakeTime.START.plusSeconds(5))).isTrue();
        assertThat(room.takes(FakeTime.START.plusMillis(5_001))).isFalse();

        IntStream.range(0, 250).forEach(i -> room.add(OpenJobs.any(), FakeTime.START.plusSeconds(1)));
        assertThat(room.takes(FakeTime.START.plusSeconds(1))).isFalse();

        time.advance(Duration.ofSeconds(1));
        assertThat(room.takes(FakeTime.START.plusSeconds(2))).isTrue();
    }

    @Test
    void whoIsDueAlreadyIsCalledAtOnce() {
        room.add(OpenJobs.any(), Instant.MIN);
        time.advance(Duration.ofMillis(1));
        assertThat(called).hasSize(1);
    }

    @Test
    void sleepsNoLongerThanASecondSoThatAClockThatJumpsDoesNoHarm() {
        room.add(OpenJobs.any(), Instant.MAX);
        time.advance(Duration.ofHours(1));
        assertThat(called).isEmpty();
        assertThat(time.timers()).isEqualTo(1);
    }

    @Test
    void whoIsWithdrawnIsNotCalled() {
        OpenJob kept = OpenJobs.any();
        OpenJob withdrawn = OpenJobs.any();
        room.add(kept, FakeTime.START.plusSeconds(2));
        room.add(withdrawn, FakeTime.START.plusSeconds(1));

        assertThat(room.withdraw(withdrawn::equals)).containsExactly(withdrawn);

        time.advance(Duration.ofSeconds(2));
        assertThat(called).containsExactly(new Called(kept, FakeTime.START.plusSeconds(2)));
    }
}
