package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.Comparator;
import java.util.OptionalInt;

/**
 * One mistake in a configuration, told so that a person can mend it.
 *
 * @param path where, as in {@code lanes.main.jobs.refreshLinks.concurrency}; empty for the file as a whole
 * @param line the line in the file, from 1; empty where the file could not be read
 * @param value what stands there, short, secrets hidden; empty where nothing does
 * @param rule what is wrong, or how it must be
 * @param hint what would be right
 */
public record Problem(String path, OptionalInt line, String value, String rule, String hint) {

    /** As in the file, from top to bottom. */
    static final Comparator<Problem> BY_LINE = Comparator.<Problem>comparingInt(
                    problem -> problem.line().orElse(0))
            .thenComparing(Problem::path);

    /** For a log. */
    public String inOneLine() {
        String where = path.isEmpty() ? "the file" : path;
        String at = line.isPresent() ? " (line " + line.getAsInt() + ")" : "";
        String found = value.isEmpty() ? "" : ", found " + value;
        return where + at + ": " + rule + found + (hint.isEmpty() ? "" : ", hint: " + hint);
    }
}
