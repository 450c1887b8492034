package org.mediawiki.jobqueue.runner;

import java.util.Map;

/**
 * A complete HTTP answer of the runner.
 *
 * @param status the HTTP status code
 * @param headers the headers, names in lower case; of a repeated header the first value
 * @param body the body as UTF-8 text; of one that is longer than the target's limit for answers the start and the end,
 *     with {@link #CUT} between them
 */
public record Answer(int status, Map<String, String> headers, String body) {

    /** Stands for what was left out. What follows it does not begin a line. */
    public static final String CUT = "\n[... cut here ...] ";
}
