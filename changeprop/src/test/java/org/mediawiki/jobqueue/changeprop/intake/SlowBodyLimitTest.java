package org.mediawiki.jobqueue.changeprop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

class SlowBodyLimitTest {

    private static final int TEN_MEBIBYTES = 10 << 20;

    private final FakeTime time = new FakeTime();
    private int ends;

    @Test
    void whatTricklesEndsAfterTheFirstPatienceHoweverMuchWasDeclared() {
        SlowBodyLimit limit = new SlowBodyLimit(TEN_MEBIBYTES, time, () -> ends++);

        for (int received = 1; received < 20; received++) {
            time.advance(Duration.ofMillis(100));
            limit.received(received);
        }
        assertThat(ends).isZero();
        time.advance(Duration.ofMillis(100));

        assertThat(ends).isEqualTo(1);
        assertThat(time.timers()).isZero();
    }

    @Test
    void eachStretchEarnsThePatienceForOneMore() {
        SlowBodyLimit limit = new SlowBodyLimit(TEN_MEBIBYTES, time, () -> ends++);

        for (int stretch = 1; stretch <= 6; stretch++) {
            time.advance(SlowBodyLimit.STRETCH_PATIENCE.minusMillis(1));
            limit.received(stretch * SlowBodyLimit.STRETCH_BYTES);
        }
        assertThat(ends).isZero();
        time.advance(SlowBodyLimit.STRETCH_PATIENCE);

        assertThat(ends).isEqualTo(1);
    }

    @Test
    void theWholeMayNotTakeLongerThanItsSizeAllows() {
        SlowBodyLimit limit = new SlowBodyLimit(TEN_MEBIBYTES, time, () -> ends++);

        int seconds = 0;
        while (ends == 0 && seconds < 60) {
            time.advance(Duration.ofSeconds(1));
            seconds++;
            if (ends == 0) {
                limit.received(seconds * SlowBodyLimit.STRETCH_BYTES);
            }
        }

        assertThat(seconds).as("5 s, and 1 s for each MiB").isEqualTo(15);
    }

    @Test
    void aBodyOfOneStretchHasTheWholeTime() {
        SlowBodyLimit limit = new SlowBodyLimit(SlowBodyLimit.STRETCH_BYTES, time, () -> ends++);

        time.advance(Duration.ofMillis(4_900));
        limit.received(2_000);
        assertThat(ends).isZero();
        time.advance(Duration.ofMillis(100));

        assertThat(ends).isEqualTo(1);
    }

    @Test
    void whoIsDoneIsNotWaitedFor() {
        SlowBodyLimit limit = new SlowBodyLimit(1, time, () -> ends++);

        limit.over();
        time.advance(Duration.ofMinutes(1));

        assertThat(ends).isZero();
        assertThat(time.timers()).isZero();
    }
}
