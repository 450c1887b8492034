package org.mediawiki.jobqueue.runner;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Why an attempt did not count as done; travels into retry and error events.
 *
 * @param cause one of a closed set, used as a metric label
 * @param status the HTTP status, or the one that a proxy would have given (502 lost, 504 too late)
 * @param message one line for people
 * @param headers the answer's headers, empty where there was no answer
 * @param body the answer's body, cut to {@link #MAX_BODY_BYTES}; empty where there was none
 */
public record Failure(Cause cause, int status, String message, Map<String, String> headers, String body) {

    /** The longest body kept, as UTF-8 (SPEC section 3, error event: 4 KiB). */
    public static final int MAX_BODY_BYTES = 4096;

    public Failure {
        headers = Map.copyOf(headers);
        body = cut(body);
    }

    /** Between two characters. */
    private static String cut(String body) {
        CharBuffer characters = CharBuffer.wrap(body);
        CoderResult result = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(characters, ByteBuffer.allocate(MAX_BODY_BYTES), true);
        return result.isOverflow() ? body.substring(0, characters.position()) : body;
    }

    /** A failure that no answer tells of. */
    public static Failure withoutAnswer(Cause cause, int status, String message) {
        return new Failure(cause, status, message, Map.of(), "");
    }

    /** The closed set of causes. */
    public enum Cause {
        /** The runner answered with a status that means failure. */
        STATUS,
        /** 3xx: the target's URI is wrong, or the wiki moved. */
        REDIRECT,
        /** A PHP fatal in the body of a 2xx. */
        PHP_FATAL,
        /** The connection was lost after the request left. */
        CONNECTION_LOST,
        /** The answer did not come in time. */
        TIMEOUT,
        /** The record is no job event. */
        INVALID_EVENT,
        /** {@code delay_until} cannot be read or lies too far ahead. */
        INVALID_DELAY,
        /** A bug of ours. */
        INTERNAL
    }
}
