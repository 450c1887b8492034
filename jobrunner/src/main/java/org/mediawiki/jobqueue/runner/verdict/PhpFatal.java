package org.mediawiki.jobqueue.runner.verdict;

import java.util.Optional;

/**
 * Finds the fatal error that PHP prints into a body whose status line is already out, so that it still says 200: {@code
 * PHP Fatal error: …} as text, {@code <b>Fatal error</b>: …} as HTML.
 */
final class PhpFatal {

    private static final String WORDS = "Fatal error";

    private PhpFatal() {}

    /**
     * Returns PHP's line about the fatal error as one line of plain text.
     *
     * <p>A body that is JSON as a whole holds none, even with those words inside: PHP's output would have broken the
     * JSON, while a job's parameters may quote any page title.
     */
    static Optional<String> in(String body) {
        int found = body.indexOf(WORDS);
        if (found < 0 || JsonBody.isWhollyJson(body)) {
            return Optional.empty();
        }
        int start = body.lastIndexOf('\n', found) + 1;
        int end = body.indexOf('\n', found);
        return Optional.of(OneLine.of(body.substring(start, end < 0 ? body.length() : end)));
    }
}
