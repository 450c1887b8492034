package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;

/** One request under way: plays a behaviour and says how it ended. Confined to the connection's event loop. */
final class Exchange {

    private static final Ending CUT = new Ending(Outcome.CUT, 0);
    private static final Ending GONE = new Ending(Outcome.GONE, 0);

    /** HTTP/2's code for an error within the server (RFC 9113, section 7). */
    private static final long INTERNAL_ERROR = 2;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Consumer<Ending> ended;
    private boolean over;

    /**
     * Watches for the client's hanging up from now on.
     *
     * @param ended called once, just before the last byte of an answer goes out, or when there can be none any more
     */
    Exchange(Vertx vertx, HttpServerRequest request, Consumer<Ending> ended) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.ended = ended;
        response.exceptionHandler(failure -> end(GONE));
        response.closeHandler(closed -> end(GONE));
    }

    void play(Behaviour behaviour, Latency.Draw draw) {
        behaviour.match(
                reply -> run(() -> send(reply)),
                reset -> run(this::reset),
                disconnect -> run(this::disconnect),
                hang -> run(() -> {}),
                after -> run(() -> later(draw.of(after.latency()), () -> play(after.then(), draw))));
    }

    private void send(Behaviour.Reply reply) {
        Buffer body = Buffer.buffer(reply.body());
        response.setStatusCode(reply.status());
        response.putHeader("content-length", Integer.toString(body.length()));
        reply.headers().forEach(response::putHeader);
        Ending answered = new Ending(reply.isLie() ? Outcome.LIED : Outcome.ANSWERED, reply.status());
        reply.delivery()
                .match(
                        whole -> run(() -> finish(answered, body)),
                        thenClose -> run(() -> finishAndClose(answered, body)),
                        drip -> run(() -> drip(answered, body, drip.betweenBytes())),
                        cut -> run(() -> cutShort(body)));
    }

    private void finish(Ending answered, Buffer rest) {
        end(answered);
        response.end(rest);
    }

    private void finishAndClose(Ending answered, Buffer body) {
        end(answered);
        response.end(body).onComplete(sent -> request.connection().close());
    }

    private void drip(Ending answered, Buffer rest, Duration betweenBytes) {
        if (rest.length() <= 1) {
            finish(answered, rest);
        } else {
            response.write(rest.getBuffer(0, 1));
            later(betweenBytes, () -> drip(answered, rest.getBuffer(1, rest.length()), betweenBytes));
        }
    }

    private void cutShort(Buffer body) {
        end(CUT);
        response.write(body.getBuffer(0, body.length() / 2))
                .onComplete(sent -> request.connection().close());
    }

    private void reset() {
        end(CUT);
        response.reset(INTERNAL_ERROR);
    }

    private void disconnect() {
        end(CUT);
        request.connection().close();
    }

    /** Does nothing when the client has hung up meanwhile; a zero delay does not wait for a timer. */
    private void later(Duration delay, Runnable step) {
        if (delay.isZero()) {
            step.run();
        } else {
            vertx.timer(delay.toNanos(), TimeUnit.NANOSECONDS).onSuccess(fired -> {
                if (!over) {
                    step.run();
                }
            });
        }
    }

    private void end(Ending ending) {
        if (!over) {
            over = true;
            ended.accept(ending);
        }
    }

    /** Lets {@code match} stand for a statement. */
    private static Boolean run(Runnable step) {
        step.run();
        return true;
    }
}
