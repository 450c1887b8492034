package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives requests to the addresses of the target's name in turn, and passes over those that could not be connected to.
 *
 * <pre>
 *   trusted ── no connection ──▶ suspected for 10 s ──▶ one request tries it ── connected ──▶ trusted
 *                                       ▲                        └─ no connection ─┐
 *                                       └──────────────────────────────────────────┘
 * </pre>
 *
 * In turn, and not to the one with the fewest requests: one that fails at once would draw all of them.
 *
 * <p>Vert.x resolves the name once for each client, then calls this on the context of whoever sends.
 */
final class Addresses implements LoadBalancer {

    /** How long an address is passed over, where there is another. */
    static final Duration SUSPICION = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    /** As last resolved, by IP address. */
    private Map<String, Address> known = Map.of();

    private int next;

    /** @param nanoTime as {@link System#nanoTime} */
    Addresses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How many addresses the name has; none before it was resolved. */
    int count() {
        return known.size();
    }

    /** Whether there is an address that may be connected to with hope. */
    boolean offerHope() {
        long now = nanoTime.getAsLong();
        return known.values().stream().anyMatch(address -> address.mayBeTried(now));
    }

    @Override
    public InteractionMetrics<?> newMetrics() {
        return new Address();
    }

    @Override
    public ServerSelector selector(List<? extends ServerEndpoint> resolved) {
        Map<String, Address> before = known;
        known = new LinkedHashMap<>();
        for (ServerEndpoint server : resolved) {
            Address address = (Address) server.metrics();
            // Addresses of one name count as equal, so only the number tells them apart.
            String number = String.valueOf(server.address().hostAddress());
            address.inherit(before.get(number));
            known.put(number, address);
        }
        List<Address> all =
                resolved.stream().map(server -> (Address) server.metrics()).toList();
        return () -> select(all);
    }

    private int select(List<Address> all) {
        long now = nanoTime.getAsLong();
        for (int turn = 0; turn < all.size(); turn++) {
            int candidate = (next + turn) % all.size();
            if (all.get(candidate).mayBeTried(now)) {
                next = candidate + 1;
                all.get(candidate).chosen(now);
                return candidate;
            }
        }
        return leastRecentlyFailed(all);
    }

    private static int leastRecentlyFailed(List<Address> all) {
        int least = 0;
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).suspectedUntil - all.get(least).suspectedUntil < 0) {
                least = i;
            }
        }
        return least;
    }

    /** What is known of one address. */
    private final class Address implements InteractionMetrics<Visit> {

        private boolean suspected;
        private long suspectedUntil;

        /** Clients come and go; that an address did not answer a moment ago outlives them. */
        void inherit(@Nullable Address before) {
            if (before != null) {
                suspected = before.suspected;
                suspectedUntil = before.suspectedUntil;
            }
        }

        boolean mayBeTried(long now) {
            return !suspected || now - suspectedUntil >= 0;
        }

        /** One request is risked after a while, and not all that come until it has failed. */
        void chosen(long now) {
            if (suspected) {
                suspectedUntil = now + SUSPICION.toNanos();
            }
        }

        @Override
        public Visit initiateRequest() {
            return new Visit();
        }

        @Override
        public void reportRequestBegin(Visit visit) {
            visit.connected = true;
            suspected = false;
        }

        @Override
        public void reportFailure(Visit visit, Throwable failure) {
            if (!visit.connected && !(failure instanceof ConnectionPoolTooBusyException)) {
                suspected = true;
                suspectedUntil = nanoTime.getAsLong() + SUSPICION.toNanos();
            }
        }
    }

    /** One request's use of an address. */
    private static final class Visit {
        private boolean connected;
    }
}
