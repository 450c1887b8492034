package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

final class FuseTest {

    private final FakeTime time = new FakeTime();
    private final Fuse fuse = new Fuse(time);

    @Test
    void admitsEveryoneWhileItIsWhole() {
        assertThat(fuse.admits()).isTrue();
        assertThat(fuse.admits()).isTrue();
        assertThat(fuse.isProbing()).isFalse();
    }

    @Test
    void admitsNobodyForAWhileAfterAFailure() {
        fuse.blow(StoreTrouble.SLOW);

        time.advance(Fuse.PAUSE.minusNanos(1));

        assertThat(fuse.admits()).isFalse();
        assertThat(fuse.blownBy()).contains(StoreTrouble.SLOW);
    }

    @Test
    void admitsOneAfterTheWhile() {
        fuse.blow(StoreTrouble.SLOW);

        time.advance(Fuse.PAUSE);

        assertThat(fuse.admits()).isTrue();
        assertThat(fuse.isProbing()).isTrue();
        assertThat(fuse.admits()).isFalse();
    }

    @Test
    void isWholeWhenTheProbeHasSucceeded() {
        fuse.blow(StoreTrouble.REFUSED);
        time.advance(Fuse.PAUSE);
        fuse.admits();

        fuse.mend();

        assertThat(fuse.admits()).isTrue();
        assertThat(fuse.admits()).isTrue();
        assertThat(fuse.blownBy()).isEmpty();
    }

    @Test
    void restsAgainWhenTheProbeHasFailed() {
        fuse.blow(StoreTrouble.REFUSED);
        time.advance(Fuse.PAUSE);
        fuse.admits();

        fuse.blow(StoreTrouble.SLOW);

        time.advance(Fuse.PAUSE.minusNanos(1));
        assertThat(fuse.admits()).isFalse();
        assertThat(fuse.isProbing()).isFalse();
        assertThat(fuse.blownBy()).contains(StoreTrouble.SLOW);
    }

    @Test
    void isNotHeldOffByThoseWhoFailTogether() {
        fuse.blow(StoreTrouble.SLOW);
        time.advance(RedisMemory.DEADLINE);
        fuse.blow(StoreTrouble.SLOW);

        time.advance(Fuse.PAUSE);

        assertThat(fuse.admits()).isTrue();
    }
}
