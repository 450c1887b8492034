package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.mediawiki.jobqueue.runner.Time;

/**
 * The one answer to a request, and what becomes of what its client sends still. A second answer is dropped. On the intake's
 * context, but for {@link #spent}.
 */
final class Reply {

    /** The EventBus extension expects lists in whatever is answered. */
    static final Buffer NO_EVENTS = Buffer.buffer("{\"invalid\":[],\"error\":[]}");

    private static final int LONGEST_PHRASE = 300;

    /** For so long, and up to so much, is thrown away what is refused; one who hears of it too early may miss it. */
    private static final Duration DROP_PATIENCE = Duration.ofSeconds(5);

    private static final int MOST_DROPPED_BYTES = 64 << 20;

    private final IntakeParts parts;
    private final HttpServerRequest request;
    private final Head head;
    private final long startedNanos;
    private Time.Cancellation dropPatience = Time.Cancellation.NONE;
    private boolean given;
    private boolean over;

    Reply(IntakeParts parts, HttpServerRequest request, Head head) {
        this.parts = parts;
        this.request = request;
        this.head = head;
        this.startedNanos = parts.time().nanos();
    }

    /** Since the request came. Any thread. */
    Duration spent() {
        return Duration.ofNanos(parts.time().nanos() - startedNanos);
    }

    /** Whether it was given, or the client is gone. */
    boolean isOver() {
        return over;
    }

    /** The client is gone. */
    void hungUp() {
        over = true;
        dropPatience.cancel();
    }

    void give(int status, String phrase, Buffer json) {
        if (given) {
            return;
        }
        given = true;
        parts.listener().answered(status, spent());
        HttpServerResponse response = request.response();
        if (over || response.closed()) {
            return;
        }
        over = true;
        response.setStatusCode(status).setStatusMessage(oneLine(phrase));
        if (json.length() > 0) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        HttpConnection connection = request.connection();
        Future<Void> sent = response.end(json);
        if (!request.isEnded()) {
            // Vert.x would wait for the rest of the body first, whatever the answer said.
            sent.onComplete(ignored -> connection.close());
        }
        parts.connections().idle(connection);
    }

    /**
     * Answers without having read what is being sent. A client that waits for our leave hears at once; one that sends
     * already would miss an answer that comes with a closed connection, so it may go on for a while.
     */
    void refuse(int status, String phrase) {
        if (request.isEnded() || head.expectsContinue()) {
            cut(status, phrase);
            return;
        }
        dropPatience = parts.time().after(DROP_PATIENCE, () -> cut(status, phrase));
        int[] dropped = {0};
        request.handler(chunk -> {
            dropped[0] += chunk.length();
            if (dropped[0] > MOST_DROPPED_BYTES) {
                cut(status, phrase);
            }
        });
        request.endHandler(ignored -> cut(status, phrase));
        request.resume();
    }

    /** Answers, and closes the connection: who knows what else is on its way there. */
    void cut(int status, String phrase) {
        dropPatience.cancel();
        if (!over) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        give(status, phrase, NO_EVENTS);
    }

    /** It may quote what was posted. */
    private static String oneLine(String phrase) {
        String printable = phrase.replaceAll("[^ -~]+", " ");
        return printable.length() > LONGEST_PHRASE ? printable.substring(0, LONGEST_PHRASE) : printable;
    }
}
