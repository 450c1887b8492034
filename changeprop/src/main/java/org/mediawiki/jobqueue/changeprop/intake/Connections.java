package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Closes connections that ask for nothing: silent ones, and those that spend their time on a request's head; soon where
 * whatever they asked would be refused. One that has asked is its {@link Post}'s affair until that is answered. Used on
 * the intake's context.
 */
final class Connections {

    /** How long strangers may take to ask for what they will not get. */
    private static final Duration STRANGERS_TIMEOUT = Duration.ofSeconds(2);

    private final Duration idleTimeout;
    private final Predicate<HttpConnection> isStranger;
    private final Time time;
    private final IntConsumer listener;
    private final Map<HttpConnection, Time.Cancellation> timers = new HashMap<>();

    /**
     * @param isStranger whether who is on the other side may not post, whatever comes
     * @param listener hears how many there are
     */
    Connections(Duration idleTimeout, Predicate<HttpConnection> isStranger, Time time, IntConsumer listener) {
        this.idleTimeout = idleTimeout;
        this.isStranger = isStranger;
        this.time = time;
        this.listener = listener;
    }

    void opened(HttpConnection connection) {
        connection.closeHandler(ignored -> closed(connection));
        timers.put(connection, closeLater(connection));
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
            return closeLater(connection);
        });
    }

    private Time.Cancellation closeLater(HttpConnection connection) {
        boolean isShort = isStranger.test(connection) && STRANGERS_TIMEOUT.compareTo(idleTimeout) < 0;
        return time.after(isShort ? STRANGERS_TIMEOUT : idleTimeout, connection::close);
    }

    private void closed(HttpConnection connection) {
        Time.Cancellation timer = timers.remove(connection);
        if (timer != null) {
            timer.cancel();
        }
        listener.accept(timers.size());
    }
}
