package org.mediawiki.jobqueue.runner.verdict;

import java.util.Optional;
import org.mediawiki.jobqueue.runner.Answer;

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
     * JSON, while a job's parameters may quote any page title. Of JSON that was cut, it is not known how it went on; but
     * PHP begins a line, and no text inside JSON can hold a line break.
     */
    static Optional<String> in(String body) {
        int found = body.indexOf(WORDS);
        if (found < 0 || JsonBody.isWhollyJson(body)) {
            return Optional.empty();
        }
        int cut = body.indexOf(Answer.CUT);
        if (cut >= 0 && JsonBody.isStartOfJson(body.substring(0, cut))) {
            return atTheStartOfALine(body, cut);
        }
        return Optional.of(lineAround(body, found));
    }

    private static Optional<String> atTheStartOfALine(String body, int from) {
        for (int found = body.indexOf(WORDS, from); found >= 0; found = body.indexOf(WORDS, found + 1)) {
            String before = body.substring(body.lastIndexOf('\n', found) + 1, found);
            String seen = OneLine.of(before);
            if (seen.isEmpty() || seen.equals("PHP")) {
                return Optional.of(lineAround(body, found));
            }
        }
        return Optional.empty();
    }

    private static String lineAround(String body, int found) {
        int start = body.lastIndexOf('\n', found) + 1;
        int end = body.indexOf('\n', found);
        return OneLine.of(body.substring(start, end < 0 ? body.length() : end));
    }
}
