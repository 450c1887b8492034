package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

final class RedisBreakerTest {

    private final FakeTime time = new FakeTime();
    private final RedisBreaker breaker = new RedisBreaker(time);

    @Test
    void admitsEveryoneWhileItIsClosed() {
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.isProbing()).isFalse();
    }

    @Test
    void admitsNobodyForAWhileAfterAFailure() {
        breaker.failed(StoreTrouble.SLOW);

        time.advance(RedisBreaker.OPEN_FOR.minusNanos(1));

        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.openBecause()).contains(StoreTrouble.SLOW);
    }

    @Test
    void admitsOneAfterTheWhile() {
        breaker.failed(StoreTrouble.SLOW);

        time.advance(RedisBreaker.OPEN_FOR);

        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.isProbing()).isTrue();
        assertThat(breaker.admits()).isFalse();
    }

    @Test
    void isClosedWhenTheProbeHasSucceeded() {
        breaker.failed(StoreTrouble.REFUSED);
        time.advance(RedisBreaker.OPEN_FOR);
        breaker.admits();

        breaker.succeeded();

        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.openBecause()).isEmpty();
    }

    @Test
    void isOpenAgainWhenTheProbeHasFailed() {
        breaker.failed(StoreTrouble.REFUSED);
        time.advance(RedisBreaker.OPEN_FOR);
        breaker.admits();

        breaker.failed(StoreTrouble.SLOW);

        time.advance(RedisBreaker.OPEN_FOR.minusNanos(1));
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.isProbing()).isFalse();
        assertThat(breaker.openBecause()).contains(StoreTrouble.SLOW);
    }

    @Test
    void isNotHeldOffByThoseWhoFailTogether() {
        breaker.failed(StoreTrouble.SLOW);
        time.advance(RedisMemory.DEADLINE);
        breaker.failed(StoreTrouble.SLOW);

        time.advance(RedisBreaker.OPEN_FOR);

        assertThat(breaker.admits()).isTrue();
    }
}
