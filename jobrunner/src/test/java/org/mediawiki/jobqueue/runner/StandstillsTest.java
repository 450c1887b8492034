package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class StandstillsTest {

    /** Near the end of the range, so that whoever compares nanoseconds by {@code <} is found out. */
    private static final long FIRST = Long.MAX_VALUE - Duration.ofMillis(500).toNanos();

    private long now = FIRST;
    private final Standstills standstills = new Standstills(() -> now);

    @Test
    void whoIsCalledInTimeHasNotStoodStill() {
        for (int i = 0; i < 100; i++) {
            pass(Standstills.STEP.plus(Standstills.ORDINARY));
            standstills.look();
        }

        assertThat(standstills.within(FIRST, now)).isZero();
        assertThat(standstills.ranSince(FIRST)).isEqualTo(Duration.ofNanos(now - FIRST));
    }

    @Test
    void aStandstillCountsFromWhenItWasDue() {
        standstillOf(Duration.ofSeconds(1));

        assertThat(standstills.within(FIRST, now)).isEqualTo(Duration.ofSeconds(1));
        assertThat(standstills.ranSince(FIRST)).isEqualTo(Standstills.STEP);
    }

    @Test
    void onlyWhatLiesWithinTheTimeCounts() {
        standstillOf(Duration.ofSeconds(1));
        long between = now - Duration.ofMillis(400).toNanos();
        standstillOf(Duration.ofSeconds(2));
        long end = now;
        standstillOf(Duration.ofSeconds(3));

        assertThat(standstills.within(between, end)).isEqualTo(Duration.ofMillis(2_400));
        assertThat(standstills.within(between, between + Duration.ofMillis(100).toNanos()))
                .isEqualTo(Duration.ofMillis(100));
        assertThat(standstills.within(FIRST - Duration.ofHours(1).toNanos(), FIRST))
                .isZero();
    }

    @Test
    void oneIsKnownToWhoeverIsCalledFirstWhenItIsOver() {
        pass(Standstills.STEP.plusSeconds(1));

        assertThat(standstills.within(FIRST, now)).isEqualTo(Duration.ofSeconds(1));

        standstills.look();
        assertThat(standstills.within(FIRST, now)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aThreadLooksWhetherThisMachineRuns() {
        Standstills machine = Standstills.ofThisMachine();
        long from;
        long to;
        synchronized (machine) {
            from = System.nanoTime();
            do {
                LockSupport.parkNanos(Standstills.STEP.toNanos());
                to = System.nanoTime();
            } while (to - from < Duration.ofMillis(300).toNanos());
        }

        assertThat(machine.within(from, to))
                .isBetween(Duration.ofNanos(to - from).minus(Standstills.STEP), Duration.ofNanos(to - from));
    }

    private void standstillOf(Duration time) {
        pass(Standstills.STEP.plus(time));
        standstills.look();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
