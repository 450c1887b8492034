package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What the stand-in does with one request. Immutable; the factory methods are meant to be imported statically. */
public sealed interface Behaviour {

    /** In what PHP says of an error that ended it. */
    String FATAL = "Fatal error";

    /**
     * An HTTP answer.
     *
     * @param status the HTTP status
     * @param headers beside {@code content-length}
     * @param body sent as UTF-8
     * @param delivery how the body goes out
     */
    record Reply(int status, Map<String, String> headers, String body, Delivery delivery) implements Behaviour {

        public Reply {
            headers = Map.copyOf(headers);
        }

        /** Whether it says that all is well, and in its body that it is not. */
        boolean isLie() {
            return status / 100 == 2 && body.contains(FATAL);
        }

        /** The same with one more header. */
        public Reply header(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body, delivery);
        }

        /** The same with this body. */
        public Reply body(String text) {
            return new Reply(status, headers, text, delivery);
        }

        /** The same, one byte at a time. */
        public Reply dripping(Duration betweenBytes) {
            return new Reply(status, headers, body, new Delivery.Drip(betweenBytes));
        }

        /** The same, with the connection cut in the middle of the body. */
        public Reply cutShort() {
            return new Reply(status, headers, body, new Delivery.Cut());
        }

        /** The same, with the connection closed afterwards. */
        public Reply thenClose() {
            return new Reply(status, headers, body, new Delivery.ThenClose());
        }

        @Override
        public <R> R match(
                Function<Reply, R> reply,
                Function<Reset, R> reset,
                Function<Disconnect, R> disconnect,
                Function<Hang, R> hang,
                Function<After, R> after) {
            return reply.apply(this);
        }
    }

    /** No answer: over HTTP/2 the stream is reset, over HTTP/1.1 the connection is closed. */
    record Reset() implements Behaviour {
        @Override
        public <R> R match(
                Function<Reply, R> reply,
                Function<Reset, R> reset,
                Function<Disconnect, R> disconnect,
                Function<Hang, R> hang,
                Function<After, R> after) {
            return reset.apply(this);
        }
    }

    /** No answer, and the connection is closed with every other request on it. */
    record Disconnect() implements Behaviour {
        @Override
        public <R> R match(
                Function<Reply, R> reply,
                Function<Reset, R> reset,
                Function<Disconnect, R> disconnect,
                Function<Hang, R> hang,
                Function<After, R> after) {
            return disconnect.apply(this);
        }
    }

    /** No answer, ever; the connection stays open. */
    record Hang() implements Behaviour {
        @Override
        public <R> R match(
                Function<Reply, R> reply,
                Function<Reset, R> reset,
                Function<Disconnect, R> disconnect,
                Function<Hang, R> hang,
                Function<After, R> after) {
            return hang.apply(this);
        }
    }

    /** Something else, later. */
    record After(Latency latency, Behaviour then) implements Behaviour {
        @Override
        public <R> R match(
                Function<Reply, R> reply,
                Function<Reset, R> reset,
                Function<Disconnect, R> disconnect,
                Function<Hang, R> hang,
                Function<After, R> after) {
            return after.apply(this);
        }
    }

    /** The same, later. */
    default Behaviour after(Duration time) {
        return after(Latency.fixed(time));
    }

    /** The same, later. */
    default Behaviour after(Latency latency) {
        return new After(latency, this);
    }

    /** Handles every case; a new one does not compile until it is handled. */
    <R> R match(
            Function<Reply, R> reply,
            Function<Reset, R> reset,
            Function<Disconnect, R> disconnect,
            Function<Hang, R> hang,
            Function<After, R> after);

    /** 200, at once, as mw-jobrunner answers a job that went well. */
    static Reply ok() {
        return status(200);
    }

    /** This status, with a short JSON body. */
    static Reply status(int status) {
        String body = "{\"status\":" + status + "}";
        return new Reply(status, Map.of("content-type", "application/json"), body, new Delivery.Whole());
    }

    /** The wiki is read-only (SPEC section 5). */
    static Reply readOnly() {
        return status(423).header("x-readonly", "true");
    }

    /** The lie: 200, and a PHP fatal as text. */
    static Reply phpFatal() {
        return new Reply(
                200,
                Map.of("content-type", "text/plain; charset=utf-8"),
                "PHP " + FATAL + ":  Allowed memory size of 698351616 bytes exhausted in JobExecutor.php on line 79",
                new Delivery.Whole());
    }

    /** The same lie, as a page. */
    static Reply phpFatalPage() {
        return new Reply(
                200,
                Map.of("content-type", "text/html; charset=utf-8"),
                "<!DOCTYPE html><html><body><b>" + FATAL + "</b>: Uncaught Error in JobExecutor.php</body></html>",
                new Delivery.Whole());
    }

    static Behaviour reset() {
        return new Reset();
    }

    static Behaviour disconnect() {
        return new Disconnect();
    }

    static Behaviour hang() {
        return new Hang();
    }
}
