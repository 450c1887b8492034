package org.mediawiki.jobqueue.changeprop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

class PaceTest {

    private static final int TEN_MEBIBYTES = 10 << 20;

    private final FakeTime time = new FakeTime();
    private int ends;

    @Test
    void whatTricklesEndsAfterTheFirstPatienceHoweverMuchWasDeclared() {
        Pace pace = new Pace(TEN_MEBIBYTES, time, () -> ends++);

        for (int received = 1; received < 20; received++) {
            time.advance(Duration.ofMillis(100));
            pace.received(received);
        }
        assertThat(ends).isZero();
        time.advance(Duration.ofMillis(100));

        assertThat(ends).isEqualTo(1);
        assertThat(time.timers()).isZero();
    }

    @Test
    void eachStretchEarnsThePatienceForOneMore() {
        Pace pace = new Pace(TEN_MEBIBYTES, time, () -> ends++);

        for (int stretch = 1; stretch <= 6; stretch++) {
            time.advance(Pace.STRETCH_PATIENCE.minusMillis(1));
            pace.received(stretch * Pace.STRETCH_BYTES);
        }
        assertThat(ends).isZero();
        time.advance(Pace.STRETCH_PATIENCE);

        assertThat(ends).isEqualTo(1);
    }

    @Test
    void theWholeMayNotTakeLongerThanItsSizeAllows() {
        Pace pace = new Pace(TEN_MEBIBYTES, time, () -> ends++);

        int seconds = 0;
        while (ends == 0 && seconds < 60) {
            time.advance(Duration.ofSeconds(1));
            seconds++;
            if (ends == 0) {
                pace.received(seconds * Pace.STRETCH_BYTES);
            }
        }

        assertThat(seconds).as("5 s, and 1 s for each MiB").isEqualTo(15);
    }

    @Test
    void whoIsDoneIsNotWaitedFor() {
        Pace pace = new Pace(1, time, () -> ends++);

        pace.over();
        time.advance(Duration.ofMinutes(1));

        assertThat(ends).isZero();
        assertThat(time.timers()).isZero();
    }
}
