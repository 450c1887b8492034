package org.mediawiki.jobqueue.runner.breaker;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.breaker.Finding.Told;

/**
 * The probes of one half-open phase, and what they tell. As many as {@code probes} may be out; one that went well, or
 * that says nothing, leaves its place to another, so that a slow one is in nobody's way.
 *
 * <p>The round ends when those that are out have had as long as patience lasts, or when none has been out for
 * {@code open_for}: then what is known must do ({@link #outcome}). Where that is not enough, another round follows, with
 * places for others; what the probes of the earlier ones tell still counts.
 */
final class ProbeRound {

    private final Time time;
    private final Runnable onEnd;
    private final Set<Permission> out = new HashSet<>();
    private BreakerSettings settings = BreakerSettings.DEFAULT;
    private Duration patience = Duration.ZERO;
    private int room;
    private int well;
    private int failed;
    private String lastFailure = "";
    private boolean disposed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** What a round has shown when it ends. */
    enum Outcome {
        /** Something failed. */
        FAILED,
        /** Something went well, and nothing failed. */
        WELL,
        /** No answer, from types that are quick as a rule. */
        SILENT,
        /** No answer, from types of which none is to be expected so soon. */
        AT_WORK,
        /** Nobody is out. */
        UNUSED
    }

    /** {@code onEnd} runs when the round ends by itself. */
    ProbeRound(Time time, Runnable onEnd) {
        this.time = time;
        this.onEnd = onEnd;
    }

    /** The first round of a phase. */
    void begin(BreakerSettings next) {
        end();
        settings = next;
        well = 0;
        failed = 0;
        another();
    }

    /** Another round of the same phase. */
    void another() {
        room = settings.probes();
        await();
    }

    /** The phase is over. */
    void end() {
        timer.cancel();
        out.clear();
        room = 0;
    }

    /** How many have not told anything yet. */
    int out() {
        return out.size();
    }

    boolean hasRoom() {
        return room > 0;
    }

    /** A probe is sent; the first that is out says how long the round may be silent. */
    void entered(Permission probe, Duration itsPatience) {
        room--;
        out.add(probe);
        if (out.size() == 1) {
            patience = itsPatience;
            await();
        }
    }

    void wentWell(Permission probe) {
        well++;
        makeRoom();
        left(probe);
    }

    void failed(Permission probe, Told why) {
        failed++;
        lastFailure = why.message();
        left(probe);
    }

    void toldNothing(Permission probe) {
        makeRoom();
        left(probe);
    }

    /** As many have told as are asked for, and they did not {@linkplain #isLost fail}. */
    boolean isWon() {
        return well + failed >= settings.probes();
    }

    /** So many have failed that nothing the others tell would change it. */
    boolean isLost() {
        return failed >= settings.failureRate() * settings.probes();
    }

    /** What is known by now. */
    Outcome outcome() {
        if (failed > 0) {
            return Outcome.FAILED;
        }
        if (well > 0) {
            return Outcome.WELL;
        }
        if (out.isEmpty()) {
            return Outcome.UNUSED;
        }
        return out.stream().anyMatch(Permission::isQuick) ? Outcome.SILENT : Outcome.AT_WORK;
    }

    String lastFailure() {
        return lastFailure;
    }

    /** What there is to say where there was no answer. */
    String silence() {
        return "no answer to " + out.size() + (out.size() == 1 ? " probe" : " probes");
    }

    void dispose() {
        disposed = true;
        timer.cancel();
    }

    private void makeRoom() {
        room = Math.min(room + 1, settings.probes());
    }

    private void left(Permission probe) {
        out.remove(probe);
        if (out.isEmpty()) {
            await();
        }
    }

    private void await() {
        timer.cancel();
        timer = disposed ? Time.Cancellation.NONE : time.after(out.isEmpty() ? settings.openFor() : patience, onEnd);
    }
}
