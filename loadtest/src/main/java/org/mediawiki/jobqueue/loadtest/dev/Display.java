package org.mediawiki.jobqueue.loadtest.dev;

import java.io.PrintWriter;
import java.util.List;

/**
 * Shows summaries: on a terminal in place, once a second; elsewhere as one line in ten. Summaries come from one thread;
 * {@link #say} may come from another when that one has ended.
 */
final class Display {

    private static final int LINES_IN_PLACE_OF = 10;

    private final PrintWriter out;
    private final boolean inPlace;
    private int shown;
    private int lastHeight;

    /** {@code inPlace}: whether {@code out} is a terminal that knows ANSI's escapes. */
    Display(PrintWriter out, boolean inPlace) {
        this.out = out;
        this.inPlace = inPlace;
    }

    /** Something that is told once and stays. */
    void say(String text) {
        out.println(text);
        out.flush();
    }

    void show(Summary summary) {
        if (inPlace) {
            List<String> lines = summary.table();
            if (lastHeight > 0) {
                // ANSI: to the beginning of the line so many above, and clear from there to the end of the screen.
                out.printf("\033[%dF\033[J", lastHeight);
            }
            lines.forEach(out::println);
            lastHeight = lines.size();
        } else if (shown++ % LINES_IN_PLACE_OF == 0) {
            out.println(summary.line());
        }
        out.flush();
    }
}
