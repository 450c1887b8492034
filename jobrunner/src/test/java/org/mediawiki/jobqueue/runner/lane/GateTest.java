package org.mediawiki.jobqueue.runner.lane;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.breaker.Waiting;

class GateTest implements Waiting {

    private static final Duration HOLD = Duration.ofSeconds(60);

    private final FakeTime time = new FakeTime();
    private int looks;
    private boolean somebodyWaits = true;
    private final Gate gate = new Gate("wiki", "enwiki", time, this);

    @Override
    public boolean isAnybodyThere() {
        return somebodyWaits;
    }

    @Override
    public void lookAgain() {
        looks++;
    }

    @Test
    void letsOneProbeThroughWhenItsTimeIsOver() {
        gate.close(HOLD, "read-only");
        assertThat(gate.admits()).isFalse();

        time.advance(HOLD);

        assertThat(looks).isEqualTo(1);
        assertThat(gate.admits()).isTrue();
        assertThat(gate.enter()).isNotNull();
        assertThat(gate.admits()).isFalse();
    }

    @Test
    void opensWhenNobodyWaitsForIt() {
        somebodyWaits = false;
        gate.close(HOLD, "read-only");
        assertThat(gate.isOpen()).isFalse();

        time.advance(HOLD);

        assertThat(gate.isOpen()).isTrue();
        assertThat(time.timers()).isZero();
    }

    @Test
    void opensWhenThoseWhoWaitedLeaveWithoutHavingProbed() {
        gate.close(HOLD, "read-only");
        time.advance(HOLD);
        somebodyWaits = false;
        time.advance(Gate.PROBE_PATIENCE);
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void opensWhenTheProbePasses() {
        gate.close(HOLD, "read-only");
        time.advance(HOLD);

        requireNonNull(gate.enter()).passed();

        assertThat(gate.isOpen()).isTrue();
        assertThat(gate.enter()).isNull();
    }

    @Test
    void opensWhenTheProbeIsUnderWayForLongerThanARefusalTakes() {
        gate.close(HOLD, "read-only");
        time.advance(HOLD);
        Gate.Probe hoursLong = requireNonNull(gate.enter());

        time.advance(Gate.PROBE_PATIENCE);

        assertThat(gate.isOpen()).isTrue();
        hoursLong.toldNothing();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void probesAgainWhenTheProbeToldNothing() {
        gate.close(HOLD, "read-only");
        time.advance(HOLD);

        requireNonNull(gate.enter()).toldNothing();

        assertThat(gate.isOpen()).isFalse();
        assertThat(gate.enter()).isNotNull();
    }

    @Test
    void aShorterHoldDoesNotCutALongerOneShort() {
        gate.close(HOLD, "read-only");
        gate.close(Duration.ofSeconds(1), "read-only");
        time.advance(HOLD.minusMillis(1));
        assertThat(gate.admits()).isFalse();
    }

    @Test
    void aLongerHoldTakesThePlaceOfAShorterOne() {
        gate.close(Duration.ofSeconds(1), "read-only");
        gate.close(HOLD, "read-only");
        time.advance(HOLD.minusMillis(1));
        assertThat(gate.admits()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(gate.admits()).isTrue();
        assertThat(time.timers())
                .as("only that which looks whether anybody waits")
                .isEqualTo(1);
    }

    @Test
    void aProbeFromBeforeThePresentHoldTellsNothing() {
        gate.close(HOLD, "read-only");
        time.advance(HOLD);
        Gate.Probe stale = requireNonNull(gate.enter());
        gate.close(HOLD, "read-only");

        stale.toldNothing();
        assertThat(gate.admits()).isFalse();
        stale.passed();
        assertThat(gate.isOpen()).isFalse();

        time.advance(HOLD);
        assertThat(gate.enter()).isNotNull();
        stale.toldNothing();
        assertThat(gate.admits()).as("one probe at a time").isFalse();
    }
}
