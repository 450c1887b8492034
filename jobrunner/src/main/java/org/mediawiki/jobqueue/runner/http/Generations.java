package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Replaces all connections of a target once they are too old, so that names are resolved and TLS files are read anew.
 *
 * <p>Vert.x' own {@code maxLifetime} does not do: it spares every connection that is busy when it looks, which under
 * load, or with HTTP/2, is each of them each time. Nor does a client resolve a name twice (seen with 5.2.3, with and
 * without keep-alive): it keeps the address as long as it is in use. So a whole client is replaced: new requests go to
 * the new one, and the old one is closed when its last request has ended, be it hours later.
 */
final class Generations {

    private final Supplier<HttpClient> clients;
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;
    private final Set<Generation> retired = new HashSet<>();
    private Generation current;
    private long bornAt;

    /** @param nanoTime as {@link System#nanoTime} */
    Generations(Supplier<HttpClient> clients, Duration maxAge, LongSupplier nanoTime) {
        this.clients = clients;
        this.maxAgeNanos = maxAge.toNanos();
        this.nanoTime = nanoTime;
        this.bornAt = nanoTime.getAsLong();
        this.current = create();
    }

    /** Returns the generation that new requests go to; it is young enough. */
    Generation current() {
        long now = nanoTime.getAsLong();
        if (now - bornAt >= maxAgeNanos) {
            Generation old = current;
            current = create();
            bornAt = now;
            retired.add(old);
            old.retire();
        }
        return current;
    }

    private Generation create() {
        return new Generation(clients.get(), retired::remove);
    }

    /** Closes all connections; requests under way are cut. */
    Future<Void> close() {
        List<Future<Void>> closing = Stream.concat(Stream.of(current), retired.stream())
                .map(Generation::close)
                .toList();
        return Future.join(closing).mapEmpty();
    }
}
