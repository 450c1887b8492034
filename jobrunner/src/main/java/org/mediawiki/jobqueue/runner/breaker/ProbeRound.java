package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.function.IntConsumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The probes of one half-open phase: how many more may be sent, and how long those that are out may be silent. Probes
 * that run for longer go on, but nobody waits for them: the next round has its own.
 */
final class ProbeRound {

    private final Time time;
    private final IntConsumer onSilence;
    private int room;
    private int out;
    private long endsNanos;
    private boolean disposed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** {@code onSilence} is told how many probes were out when patience ended. */
    ProbeRound(Time time, IntConsumer onSilence) {
        this.time = time;
        this.onSilence = onSilence;
    }

    void begin(int probes) {
        end();
        room = probes;
    }

    void end() {
        timer.cancel();
        room = 0;
        out = 0;
    }

    boolean hasRoom() {
        return room > 0;
    }

    /** A probe is sent. The round lasts for the most patient of its probes. */
    void entered(Duration patience) {
        room--;
        long until = time.nanos() + patience.toNanos();
        if (out++ == 0 || until - endsNanos > 0) {
            endsNanos = until;
            timer.cancel();
            timer = disposed ? Time.Cancellation.NONE : time.after(patience, () -> onSilence.accept(out));
        }
    }

    /** A probe said how it went, or that it says nothing. */
    void told() {
        out--;
        if (out == 0) {
            timer.cancel();
        }
    }

    /** Another may be sent in the place of one that said nothing. */
    void makeRoom() {
        room++;
    }

    void dispose() {
        disposed = true;
        timer.cancel();
    }
}
