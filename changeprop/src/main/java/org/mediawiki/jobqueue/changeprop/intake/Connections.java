package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Closes connections that ask for nothing: silent ones, and those that spend their time on a request's head. One that has
 * asked is its {@link Post}'s affair until that is answered. Used on the intake's context.
 */
final class Connections {

    private final Duration idleTimeout;
    private final Time time;
    private final IntConsumer listener;
    private final Map<HttpConnection, Time.Cancellation> timers = new HashMap<>();

    /** {@code listener} hears how many there are. */
    Connections(Duration idleTimeout, Time time, IntConsumer listener) {
        this.idleTimeout = idleTimeout;
        this.time = time;
        this.listener = listener;
    }

    void opened(HttpConnection connection) {
        connection.closeHandler(ignored -> closed(connection));
        timers.put(connection, time.after(idleTimeout, connection::close));
        listener.accept(timers.size());
    }

    /** The head of a request is here. */
    void busy(HttpConnection connection) {
        timers.computeIfPresent(connection, (ignored, timer) -> {
            timer.cancel();
            return Time.Cancellation.NONE;
        });
    }

    /** The request is answered. */
    void idle(HttpConnection connection) {
        timers.computeIfPresent(connection, (ignored, timer) -> {
            timer.cancel();
            return time.after(idleTimeout, connection::close);
        });
    }

    private void closed(HttpConnection connection) {
        Time.Cancellation timer = timers.remove(connection);
        if (timer != null) {
            timer.cancel();
        }
        listener.accept(timers.size());
    }
}
