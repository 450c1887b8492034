package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

final class ClockWatchTest {

    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final FakeTime time = new FakeTime();
    private final AtomicInteger told = new AtomicInteger();
    private final ClockWatch watch = new ClockWatch(time, told::incrementAndGet);

    @BeforeEach
    void itLooks() {
        watch.start();
        time.advance(A_WHILE);
    }

    @Test
    void aClockThatIsPutBackIsToldOnceAndSoon() {
        time.setClock(Duration.ofSeconds(-90));
        time.advance(Duration.ofMillis(200));
        assertThat(told).hasValue(1);
        time.advance(A_WHILE);
        assertThat(told).hasValue(1);
    }

    @Test
    void oneThatWasAheadAndIsPutRightWasPutBack() {
        time.setClock(Duration.ofHours(1));
        time.advance(A_WHILE);
        assertThat(told).as("ahead").hasValue(0);
        time.setClock(Duration.ofHours(-1));
        time.advance(A_WHILE);
        assertThat(told).hasValue(1);
    }

    @Test
    void soWasOneThatWasAheadForTheThirdOfASecond() {
        time.setClock(Duration.ofMinutes(1));
        time.advance(Duration.ofMillis(333));
        time.setClock(Duration.ofMinutes(-1));
        time.advance(Duration.ofMillis(200));
        assertThat(told).hasValue(1);
    }

    @Test
    void smallCorrectionsAreNot() {
        for (int second = 0; second < 100; second++) {
            time.setClock(Duration.ofMillis(-10));
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(told).hasValue(0);
    }

    @Test
    void whoeverThrowsWhenItIsToldIsToldTheNextTimeAsWell() {
        watch.stop();
        ClockWatch unlucky = new ClockWatch(time, () -> {
            told.incrementAndGet();
            throw new IllegalStateException("a bug");
        });
        unlucky.start();
        for (int jump = 1; jump <= 2; jump++) {
            time.setClock(Duration.ofSeconds(-90));
            assertThatIllegalStateException().isThrownBy(() -> time.advance(A_WHILE));
            assertThat(told).hasValue(jump);
        }
    }

    @Test
    void whoIsStoppedLooksNoMore() {
        watch.stop();
        assertThat(time.timers()).isZero();
    }
}
