package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.util.function.Consumer;

/**
 * The connections that are opened within one {@code max_connection_age}, counted by their requests under way.
 *
 * <pre>
 *   current ── too old ──▶ retired: its requests end ── the last one ended ──▶ closed
 * </pre>
 */
final class Generation {

    private final HttpClient client;
    private final Consumer<Generation> whenUnused;
    private int underWay;
    private boolean retired;

    /** @param whenUnused called once, when it is retired and its last request has ended */
    Generation(HttpClient client, Consumer<Generation> whenUnused) {
        this.client = client;
        this.whenUnused = whenUnused;
    }

    /** Obtains a request on one of the connections; {@link #release} must follow when it has ended, or has failed. */
    Future<HttpClientRequest> request(RequestOptions options) {
        underWay++;
        try {
            return client.request(options);
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    void release() {
        underWay--;
        closeIfUnused();
    }

    void retire() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && underWay == 0) {
            client.close();
            whenUnused.accept(this);
        }
    }

    /** Closes all connections; requests under way are cut. */
    Future<Void> close() {
        return client.close();
    }
}
