package org.mediawiki.jobqueue.runner.verdict;

import java.util.regex.Pattern;

/** Makes one readable line of whatever a server sent, for logs and events. */
final class OneLine {

    /** The longest line, in characters; the whole body travels beside it. */
    static final int MAX_CHARS = 300;

    /** More than this is not looked at: an error page may be large, and its point stands at its top. */
    private static final int MAX_READ_CHARS = 8 * MAX_CHARS;

    private static final Pattern UNSEEN = Pattern.compile("(?is)<(style|script|head)\\b.*?</\\1>|<[^<>]*>");
    private static final Pattern GAPS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private OneLine() {}

    /** Returns the text without markup and line breaks, cut to {@link #MAX_CHARS}; empty where nothing is left. */
    static String of(String text) {
        String start = text.length() > MAX_READ_CHARS ? text.substring(0, MAX_READ_CHARS) : text;
        String seen = UNSEEN.matcher(start).replaceAll(" ");
        String line = GAPS.matcher(seen).replaceAll(" ").strip();
        return line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS - 1) + "…" : line;
    }
}
