package org.mediawiki.jobqueue.loadtest.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.mediawiki.jobqueue.loadtest.measure.Trial;

/** How a trial goes: on a terminal in one line that is written over, and elsewhere in a line a minute. */
final class ProgressLine implements Trial.Progress, AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final String BACK_AND_CLEAR = "\r\033[K";

    private final PrintWriter out;
    private final String what;
    private final boolean isTerminal;
    private Duration nextAt = INTERVAL;
    private Duration lately = Duration.ZERO;

    ProgressLine(PrintWriter out, String what, boolean isTerminal) {
        this.out = out;
        this.what = what;
        this.isTerminal = isTerminal;
    }

    @Override
    public void at(Duration elapsed, long produced, long ended, int inFlight) {
        if (elapsed.compareTo(lately) < 0) {
            // The load begins, and its time.
            nextAt = INTERVAL;
        }
        lately = elapsed;
        if (isTerminal) {
            out.print(BACK_AND_CLEAR + line(elapsed, produced, ended, inFlight));
            out.flush();
        } else if (elapsed.compareTo(nextAt) >= 0) {
            out.println(line(elapsed, produced, ended, inFlight));
            out.flush();
            nextAt = elapsed.plus(INTERVAL);
        }
    }

    @Override
    public void close() {
        if (isTerminal) {
            out.print(BACK_AND_CLEAR);
            out.flush();
        }
    }

    private String line(Duration elapsed, long produced, long ended, int inFlight) {
        return String.format(
                Locale.ROOT,
                "  %s: %d s, %,d produced, %,d ended, %,d in flight",
                what,
                elapsed.toSeconds(),
                produced,
                ended,
                inFlight);
    }
}
