package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The first moments after an outage: how many calls may be under way at once. It begins with as many as there were
 * probes, and doubles with every step in which no call failed, so that a runner which has just come back is not sent
 * everything that waited in one moment (SPEC guarantee 7). After {@link #STEPS} there is no bound any more, whatever
 * happened: from there on the breaker alone judges.
 *
 * <pre>
 *   probes 3 │ 0.2 s  0.4 s  0.6 s  0.8 s  1 s   1.2 s  1.4 s  1.6 s  1.8 s  2 s
 *   room   3 │   6     12     24     48     96    192    384    768   1536   no bound
 * </pre>
 *
 * <p>By time rather than by successes: a type whose jobs take minutes would wait for hours until its limit is in use.
 */
final class SlowStart {

    static final Duration STEP = Duration.ofMillis(200);

    /** So it lasts for 2 s. */
    static final int STEPS = 10;

    private final Time time;
    private final Runnable onMoreRoom;
    private int room;
    private int out;
    private int stepsLeft;
    private boolean somethingFailed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** {@code onMoreRoom} runs whenever more calls may be under way than before. */
    SlowStart(Time time, Runnable onMoreRoom) {
        this.time = time;
        this.onMoreRoom = onMoreRoom;
    }

    /** All is well again, as {@code probes} calls should show; {@code stillOut} are under way, and count. */
    void begin(int probes, int stillOut) {
        room = probes;
        out = stillOut;
        stepsLeft = STEPS;
        somethingFailed = false;
        awaitStep();
    }

    /** There is no bound, until the next {@link #begin}. */
    void end() {
        stepsLeft = 0;
        timer.cancel();
    }

    boolean isUnderWay() {
        return stepsLeft > 0;
    }

    boolean hasRoom() {
        return stepsLeft == 0 || out < room;
    }

    /** A call is sent. */
    void entered() {
        out++;
    }

    /** A call that was sent since the beginning has ended. */
    void left() {
        out--;
        if (isUnderWay()) {
            onMoreRoom.run();
        }
    }

    /** A call has failed: no growth in this step. */
    void failed() {
        somethingFailed = true;
    }

    private void awaitStep() {
        timer.cancel();
        timer = time.after(STEP, this::step);
    }

    private void step() {
        // No overflow: as often as it can be doubled from any count of probes.
        room = somethingFailed ? room : Math.min(room, Integer.MAX_VALUE / 2) * 2;
        somethingFailed = false;
        stepsLeft--;
        if (stepsLeft > 0) {
            awaitStep();
        }
        onMoreRoom.run();
    }
}
