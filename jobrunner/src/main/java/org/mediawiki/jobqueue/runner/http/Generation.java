package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are opened within one {@code max_connection_age}, counted by their requests under way.
 *
 * <pre>
 *   new ── first request ──▶ open ── retired ──▶ its requests end ── the last one ended ──▶ closed
 * </pre>
 *
 * It has no client before its first request: what is not used costs nothing, no timer either.
 */
final class Generation {

    private final Function<Addresses, HttpClient> clients;
    private final LongSupplier nanoTime;
    private final Addresses addresses;
    private @Nullable HttpClient client;
    private long openedAt;
    private long usedAt;
    private int underWay;
    private boolean retired;
    private boolean closed;
    private Consumer<Generation> whenClosed = generation -> {};

    /** @param nanoTime as {@link System#nanoTime} */
    Generation(Function<Addresses, HttpClient> clients, Addresses addresses, LongSupplier nanoTime) {
        this.clients = clients;
        this.nanoTime = nanoTime;
        this.addresses = addresses;
        this.usedAt = nanoTime.getAsLong();
    }

    /**
     * Obtains a request on one of the connections; {@link #release} must follow when it has ended, or has failed. Where
     * one address cannot be connected to, the others are: nothing was sent, so nothing is sent twice.
     */
    Future<HttpClientRequest> request(RequestOptions options) {
        underWay++;
        usedAt = nanoTime.getAsLong();
        return connect(options, 1);
    }

    private Future<HttpClientRequest> connect(RequestOptions options, int tries) {
        if (closed) {
            return Future.failedFuture("the target is closed");
        }
        return requestOn(openClient(), options).recover(failure -> {
            boolean another = tries < addresses.count() && addresses.offerHope();
            return another ? connect(options, tries + 1) : Future.failedFuture(failure);
        });
    }

    private static Future<HttpClientRequest> requestOn(HttpClient client, RequestOptions options) {
        try {
            return client.request(options);
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    private HttpClient openClient() {
        HttpClient open = client;
        if (open == null) {
            open = clients.apply(addresses);
            client = open;
            openedAt = nanoTime.getAsLong();
        }
        return open;
    }

    /** Whether its client was opened so long ago, or longer. */
    boolean isOlderThan(Duration age) {
        return client != null && nanoTime.getAsLong() - openedAt >= age.toNanos();
    }

    /** For how long nothing has been sent; zero while something is under way. */
    Duration idleTime() {
        return underWay > 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - usedAt);
    }

    void release() {
        underWay--;
        usedAt = nanoTime.getAsLong();
        closeIfUnused();
    }

    /** @param whenClosed called once, when its last request has ended; at once where none is under way */
    void retire(Consumer<Generation> whenClosed) {
        this.retired = true;
        this.whenClosed = whenClosed;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && underWay == 0) {
            close();
            whenClosed.accept(this);
        }
    }

    /** Closes all connections; requests under way are cut. */
    Future<Void> close() {
        closed = true;
        HttpClient open = client;
        return open == null ? Future.succeededFuture() : open.close();
    }
}
