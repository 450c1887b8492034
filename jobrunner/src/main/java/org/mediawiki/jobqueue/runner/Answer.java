package org.mediawiki.jobqueue.runner;

import java.util.Map;

/**
 * A complete HTTP answer of the runner.
 *
 * @param status the HTTP status code
 * @param headers the headers, names in lower case; of a repeated header the first value
 * @param body the body as UTF-8 text, cut where the target's limit for answers is reached
 */
public record Answer(int status, Map<String, String> headers, String body) {}
