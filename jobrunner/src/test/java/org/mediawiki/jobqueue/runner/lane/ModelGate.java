package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a hold should do, by looking at the clock rather than by timers. */
final class ModelGate {

    private final BooleanSupplier isAwaited;
    private Optional<Instant> heldUntil = Optional.empty();
    private Optional<TestTask> probe = Optional.empty();
    private Instant probeTrustedAt = Instant.MAX;

    /** While no probe is out: when it looks whether anybody waits. */
    private Instant looksAt = Instant.MAX;

    ModelGate(BooleanSupplier isAwaited) {
        this.isAwaited = isAwaited;
    }

    boolean isHeld(Instant now) {
        pass(now);
        return heldUntil.isPresent();
    }

    boolean admits(Instant now) {
        pass(now);
        return heldUntil.isEmpty() || (probe.isEmpty() && isOver(now));
    }

    /** It opens, wholly or for a probe, at this very moment: the lane's timer for it may have run, or not yet. */
    boolean changesAt(Instant now) {
        return probeTrustedAt.equals(now) || heldUntil.filter(now::equals).isPresent();
    }

    void entered(TestTask task, Instant now) {
        if (isHeld(now)) {
            probe = Optional.of(task);
            probeTrustedAt = now.plus(Gate.PROBE_PATIENCE);
        }
    }

    void hold(Instant now, Duration time) {
        Instant until = now.plus(time);
        boolean longerIsInForce = isHeld(now) && probe.isEmpty() && !isOver(now) && !isOver(until);
        if (!longerIsInForce) {
            heldUntil = Optional.of(until);
            looksAt = until;
            probe = Optional.empty();
        }
    }

    /** The task is over without a hold. */
    void passed(TestTask task, Instant now) {
        pass(now);
        if (isProbe(task)) {
            heldUntil = Optional.empty();
            probe = Optional.empty();
        }
    }

    /** The task is over with another gate's hold. */
    void toldNothing(TestTask task, Instant now) {
        pass(now);
        if (isProbe(task)) {
            probe = Optional.empty();
            looksAt = now.plus(Gate.PROBE_PATIENCE);
        }
    }

    /**
     * A probe that is under way for so long is at work, so nobody waits for its end. Where nobody waits at all, there is no
     * hold. Call it before anybody comes to wait, or waits no longer.
     */
    void pass(Instant now) {
        if (probe.isPresent() && !now.isBefore(probeTrustedAt)) {
            heldUntil = Optional.empty();
            probe = Optional.empty();
        }
        while (heldUntil.isPresent() && probe.isEmpty() && !now.isBefore(looksAt)) {
            looksAt = looksAt.plus(Gate.PROBE_PATIENCE);
            if (!isAwaited.getAsBoolean()) {
                heldUntil = Optional.empty();
            }
        }
    }

    private boolean isProbe(TestTask task) {
        return probe.filter(task::equals).isPresent();
    }

    private boolean isOver(Instant now) {
        return heldUntil.filter(until -> !now.isBefore(until)).isPresent();
    }
}
