package org.mediawiki.jobqueue.runner.http;

import io.netty.util.IllegalReferenceCountException;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Attempt.TimedOut;

/**
 * Says what became of a request that got no answer: whether it can have reached the runner, and why it failed, in words
 * for somebody who is woken by them. Pure.
 */
final class Diagnosis {

    /** RFC 9113, section 8.7: the server guarantees that it has not processed the request. */
    private static final long REFUSED_STREAM = 0x7;

    private final String peer;
    private final Duration connectTimeout;

    /** @param peer the target's host and port, for the reasons */
    Diagnosis(String peer, Duration connectTimeout) {
        this.peer = peer;
        this.connectTimeout = connectTimeout;
    }

    /** No connection could be had, so the request certainly never left. */
    NotSent notConnected(Throwable failure) {
        Throwable cause = Causes.deepest(failure);
        if (Causes.find(failure, UnknownHostException.class).isPresent()) {
            return new NotSent("name not found: " + peer + " (" + Causes.message(cause) + ")");
        } else if (TlsTrouble.isIn(failure)) {
            return new NotSent(TlsTrouble.describe(failure, peer));
        } else if (isTimeout(failure)) {
            return notConnectedWithin(connectTimeout);
        } else if (Causes.find(failure, NoRouteToHostException.class).isPresent()) {
            return new NotSent("no route to " + peer);
        } else if (Causes.message(cause).contains("Connection refused")) {
            return new NotSent("connection refused by " + peer);
        } else {
            return new NotSent("no connection to " + peer + ": " + Causes.message(cause));
        }
    }

    private static boolean isTimeout(Throwable failure) {
        boolean tcp = Causes.find(failure, ConnectException.class)
                .filter(e -> Causes.message(e).contains("timed out"))
                .isPresent();
        return tcp || Causes.find(failure, TimeoutException.class).isPresent();
    }

    /** The connection came when sending was no longer allowed. */
    NotSent notSentInTime() {
        return new NotSent(
                "not sent to " + peer + ": this process stood still, and asks first whether the job is its own yet");
    }

    NotSent notConnectedWithin(Duration timeout) {
        return new NotSent("no connection to " + peer + " within " + words(timeout));
    }

    /**
     * The connection broke when the request was, or may have been, written.
     *
     * <p>Three failures prove that the runner has not seen it. With TLS 1.3 a server that refuses our certificate says so
     * only after our side of the handshake is complete and the request written; an HTTP/2 server may refuse a stream; or
     * it goes away, and says which stream was the last that it looked at. The latter two say nothing of the next request:
     * servers go away when a connection is old, has had its share of requests, or when they reload.
     *
     * @param streamId the request's stream; of no meaning with HTTP/1.1
     */
    Attempt lostBeforeAnswer(Throwable failure, long streamId) {
        if (TlsTrouble.isRefusal(failure)) {
            return new NotSent(TlsTrouble.describe(failure, peer));
        } else if (isRefusedStream(failure)) {
            return new NotSent(peer + " refused the request (HTTP/2 REFUSED_STREAM)", true);
        } else if (isUnseenStream(failure, streamId)) {
            return new NotSent(peer + " went away before it saw the request (HTTP/2 GOAWAY)", true);
        }
        return new Lost("connection to " + peer + " lost before the answer: " + Causes.message(failure));
    }

    private static boolean isRefusedStream(Throwable failure) {
        Optional<StreamResetException> reset = Causes.find(failure, StreamResetException.class);
        return reset.filter(e -> e.getCode() == REFUSED_STREAM).isPresent();
    }

    /** The zero of a GOAWAY of our own counts the server's streams, which are none: it proves nothing. */
    private static boolean isUnseenStream(Throwable failure, long streamId) {
        return Causes.find(failure, HttpClosedException.class)
                .flatMap(Diagnosis::goAway)
                .filter(goAway -> goAway.getLastStreamId() > 0 && streamId > goAway.getLastStreamId())
                .isPresent();
    }

    /** Vert.x copies the frame, of which a part may have been freed by then: that proves nothing. */
    private static Optional<GoAway> goAway(HttpClosedException closed) {
        try {
            return Optional.ofNullable(closed.goAway());
        } catch (IllegalReferenceCountException freed) {
            return Optional.empty();
        }
    }

    Lost lostInAnswer(Throwable failure, int status) {
        String where = "connection to " + peer + " lost within the answer (HTTP " + status + "): ";
        return new Lost(where + Causes.message(failure));
    }

    Lost interimAnswer(int status) {
        return new Lost("interim answer of " + peer + " (HTTP " + status + "), which nobody waits for");
    }

    TimedOut noAnswerWithin(Duration timeout) {
        return new TimedOut("no answer from " + peer + " within " + words(timeout));
    }

    TimedOut noEndWithin(Duration timeout, int status) {
        return new TimedOut("answer of " + peer + " (HTTP " + status + ") incomplete after " + words(timeout));
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
