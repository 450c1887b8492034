package org.mediawiki.jobqueue.runner.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.FakeTime;

class StartRateLimiterTest {

    private final FakeTime time = new FakeTime();

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 7, 9.7, 60, 333})
    void rateNeverExceedsASecondsWorthAndOne(double rate) {
        StartRateLimiter rateLimiter = StartRateLimiter.perSecond(rate);
        Random random = new Random(1);
        List<Instant> starts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            time.advance(Duration.ofMillis(random.nextInt(20) == 0 ? 3_000 : random.nextInt(3)));
            while (rateLimiter.admits(time)) {
                rateLimiter.started(time);
                starts.add(time.instant());
            }
        }
        assertThat(mostInASecond(starts)).isLessThanOrEqualTo((int) Math.ceil(rate) + 1);
    }

    @Test
    void keepsUpItsRateWhileItIsAskedInTime() {
        StartRateLimiter rateLimiter = StartRateLimiter.perSecond(100);
        int starts = 0;
        for (int i = 0; i < 10_000; i++) {
            time.advance(Duration.ofMillis(1));
            if (rateLimiter.admits(time)) {
                rateLimiter.started(time);
                starts++;
            }
        }
        assertThat(starts).isBetween(999, 1_001);
    }

    @Test
    void saysWhenTheNextMayStart() {
        StartRateLimiter rateLimiter = StartRateLimiter.perSecond(4);
        assertThat(rateLimiter.untilNext(time)).isZero();
        rateLimiter.started(time);
        assertThat(rateLimiter.untilNext(time)).isEqualTo(Duration.ofMillis(250));
        time.advance(rateLimiter.untilNext(time));
        assertThat(rateLimiter.admits(time)).isTrue();
    }

    @Test
    void withoutARateItNeverWaits() {
        for (int i = 0; i < 10; i++) {
            assertThat(StartRateLimiter.UNLIMITED.admits(time)).isTrue();
            StartRateLimiter.UNLIMITED.started(time);
        }
    }

    private static int mostInASecond(List<Instant> starts) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < starts.size(); last++) {
            while (!starts.get(first).plusSeconds(1).isAfter(starts.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
