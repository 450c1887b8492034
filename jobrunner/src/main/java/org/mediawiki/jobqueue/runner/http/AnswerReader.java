package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.mediawiki.jobqueue.runner.Answer;

/**
 * Reads one answer to its end and keeps at most so much of its body. The rest is read all the same: only then can the
 * connection be used again.
 */
final class AnswerReader {

    private static final CharSequence X_READONLY = HttpHeaders.createOptimized("x-readonly");

    private final HttpClientResponse response;
    private final KeptBody body;

    AnswerReader(HttpClientResponse response, int maxBytes) {
        this.response = response;
        this.body = new KeptBody(maxBytes);
    }

    /** Calls exactly one of the two, once: the answer at its end, or why there is no end. */
    void read(Handler<Answer> complete, Handler<Throwable> broken) {
        response.handler(body::add);
        response.exceptionHandler(broken);
        response.endHandler(end -> complete.handle(answer()));
    }

    int status() {
        return response.statusCode();
    }

    private Answer answer() {
        return new Answer(response.statusCode(), headers(), body.text());
    }

    /** Nearly all answers are healthy, and of those no one reads more than two headers. */
    private Map<String, String> headers() {
        MultiMap headers = response.headers();
        boolean healthy = status() >= 200 && status() < 300 && !headers.contains(X_READONLY);
        if (!healthy) {
            return allOf(headers);
        }
        String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
        return contentType == null ? Map.of() : Map.of("content-type", contentType);
    }

    private static Map<String, String> allOf(MultiMap headers) {
        Map<String, String> all = new HashMap<>();
        headers.forEach((name, value) -> all.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return Map.copyOf(all);
    }
}
