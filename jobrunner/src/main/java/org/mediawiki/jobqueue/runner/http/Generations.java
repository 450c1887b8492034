package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.runner.Time;

/**
 * Replaces all connections of a target once they are too old, so that names are resolved and TLS files are read anew.
 *
 * <p>Vert.x' own {@code maxLifetime} does not do: it spares every connection that is busy when it looks, which under
 * load, or with HTTP/2, is each of them each time. Nor does a client resolve a name twice (seen with 5.2.3, with and
 * without keep-alive): it keeps the addresses as long as it is in use. So a whole client is replaced: new requests go to
 * the new one, and the old one is closed when its last request has ended, be it hours later. There are never more old
 * ones than requests under way.
 *
 * <p>It is also replaced before its time when it leads nowhere, since the name or the TLS files may have changed, and
 * when it is not used, since every open client looks for expired connections each second.
 */
final class Generations {

    /** After so long without a request the client is closed; its connections have been for long. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** A client that leads nowhere is kept so long, lest a target that is down costs a client for every probe. */
    static final Duration LEAST_AGE = Duration.ofSeconds(2);

    private final Time time;
    private final Set<Generation> retired = new HashSet<>();
    private Function<Addresses, HttpClient> clients;
    private Duration maxAge;
    private Addresses addresses;
    private Generation current;
    private boolean closed;
    private Time.Cancellation idleTimer = Time.Cancellation.NONE;
    private boolean idleTimerRuns;

    Generations(Function<Addresses, HttpClient> clients, Duration maxAge, Time time) {
        this.clients = clients;
        this.maxAge = maxAge;
        this.time = time;
        this.addresses = new Addresses(time::nanos);
        this.current = create();
    }

    /** Clients are made otherwise, or for a shorter or longer life, from here on. */
    void reconfigure(Function<Addresses, HttpClient> nextClients, Duration nextMaxAge) {
        clients = nextClients;
        maxAge = nextMaxAge;
        if (!closed) {
            addresses = new Addresses(time::nanos);
            replace();
        }
    }

    /** Returns the generation that a request, which must follow, goes to; it is young enough. */
    Generation current() {
        if (!closed && current.isOlderThan(maxAge)) {
            replace();
        }
        if (!closed && !idleTimerRuns) {
            lookForIdlenessAfter(IDLE);
        }
        return current;
    }

    /** A request to this generation found no way to the target. */
    void leadsNowhere(Generation generation) {
        if (!closed && generation == current && current.isOlderThan(LEAST_AGE)) {
            // All addresses are under suspicion, so each deserves a try.
            addresses = new Addresses(time::nanos);
            replace();
        }
    }

    private void replace() {
        Generation old = current;
        current = create();
        retired.add(old);
        old.retire(retired::remove);
    }

    private Generation create() {
        return new Generation(clients, addresses, time::nanos);
    }

    private void lookForIdlenessAfter(Duration delay) {
        idleTimerRuns = true;
        idleTimer = time.after(delay, this::lookForIdleness);
    }

    private void lookForIdleness() {
        Duration idle = current.idleTime();
        if (idle.compareTo(IDLE) < 0) {
            lookForIdlenessAfter(IDLE.minus(idle));
        } else {
            idleTimerRuns = false;
            replace();
        }
    }

    /** Closes all connections; requests under way are cut. */
    Future<Void> close() {
        closed = true;
        idleTimer.cancel();
        List<Future<Void>> closing = Stream.concat(Stream.of(current), retired.stream())
                .map(Generation::close)
                .toList();
        return Future.join(closing).mapEmpty();
    }
}
