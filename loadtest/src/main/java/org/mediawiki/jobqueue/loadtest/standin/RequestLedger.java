package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Wire;

/**
 * Everything the stand-in saw. A request begins when its head has arrived and ends just before its answer is handed to
 * the connection: its span lies within the time that an honest client holds a slot for it, so that
 * {@link #maxSimultaneous()} never accuses a client that keeps its limit. Where a client hangs up, it ends when the
 * stand-in notices.
 *
 * <p>Event loops write, tests read; one lock guards all. Questions take time linear in the number of requests (those
 * about overlap n log n) and hold the lock meanwhile: ask when the load has ended.
 */
public final class RequestLedger {

    /** How much is kept of each request. */
    public enum Detail {
        /** Everything. */
        BODIES,
        /** Everything, but of bodies only their SHA-256. */
        HASHES,
        /** Ids, types, times and statuses, about 60 bytes for each request: for benchmarks. */
        LIGHT
    }

    private final Detail detail;
    private final LongSupplier nanoClock;
    private final long zero;
    private RequestLog log = new RequestLog();

    RequestLedger(Detail detail, LongSupplier nanoClock) {
        this.detail = detail;
        this.nanoClock = nanoClock;
        this.zero = nanoClock.getAsLong();
    }

    /** Now, in ns since the ledger was made: the clock of every time it tells. */
    public long nowNanos() {
        return nanoClock.getAsLong() - zero;
    }

    Detail detail() {
        return detail;
    }

    /**
     * Writes down a request whose body is complete.
     *
     * @param client its {@code User-Agent}; empty where it has none
     * @param wire is not asked where the ledger is light
     */
    synchronized RequestLog.Ticket arrived(
            EventFields event, String client, int bytes, long startNanos, Supplier<Wire> wire) {
        RequestLog.Ticket ticket = log.add(event, client, bytes, startNanos);
        if (detail != Detail.LIGHT) {
            log.describe(ticket.request(), wire.get());
        }
        notifyAll();
        return ticket;
    }

    /** Writes down a request's end; only the first counts. One from before a {@link #clear} disturbs nothing. */
    synchronized void ended(RequestLog.Ticket ticket, Ending ending) {
        ticket.log().end(ticket.row(), nowNanos(), ending);
        notifyAll();
    }

    /** Forgets everything, attempts included. Requests under way are forgotten, too. */
    public synchronized void clear() {
        log = new RequestLog();
    }

    /** How many requests have arrived. */
    public synchronized int count() {
        return log.size();
    }

    /** How many requests of this type have arrived. */
    public synchronized int count(String type) {
        return log.count(type);
    }

    /** How many requests are under way. */
    public synchronized int inFlight() {
        return log.size() - log.ended();
    }

    /** How many requests there were of each type, by how they ended. */
    public synchronized List<LedgerTally> tally() {
        return log.tally();
    }

    /**
     * Every request, in the order of arrival.
     *
     * @throws IllegalStateException if the ledger is {@link Detail#LIGHT}
     */
    public synchronized List<RecordedRequest> requests() {
        if (detail == Detail.LIGHT) {
            throw new IllegalStateException("a light ledger keeps no requests");
        }
        return log.requests();
    }

    /** The requests for this {@code meta.id}, in the order of arrival. */
    public List<RecordedRequest> requests(String id) {
        return requests().stream()
                .filter(request -> request.job().event().id().equals(id))
                .toList();
    }

    /** Those of the ids for which no request ever arrived. */
    public synchronized Set<String> lost(Set<String> ids) {
        return log.lost(ids);
    }

    /** Those of the ids for which no request was ever answered with 2xx. */
    public synchronized Set<String> notDone(Set<String> ids) {
        return log.notDone(ids);
    }

    /** The ids for which more than one request arrived, however each ended: the job may have run each time. */
    public synchronized Set<String> ranMoreThanOnce() {
        return log.ranMoreThanOnce();
    }

    /** The ids for which more than one request was answered with 2xx. */
    public synchronized Set<String> doneMoreThanOnce() {
        return log.doneMoreThanOnce();
    }

    /**
     * What was sent, and who sent it.
     *
     * @param id {@code meta.id} of the job
     * @param client the {@code User-Agent}; empty where there was none
     */
    public record Sent(String id, String type, String client) {}

    /** Is shown requests; see {@link #forEach}. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * A request.
         *
         * @param startNanos when it arrived, by {@link #nowNanos}
         * @param endNanos when it ended; {@link Long#MAX_VALUE} while it is under way
         */
        void request(Sent sent, long startNanos, long endNanos, Ending ending);
    }

    /** Shows every request to {@code visitor}, in the order of arrival; a light ledger can do that, too. */
    public synchronized void forEach(Visitor visitor) {
        log.forEach(visitor);
    }

    /** The most requests that were ever under way at once. */
    public synchronized int maxSimultaneous() {
        return log.spans().most();
    }

    /** The most requests of this type that were ever under way at once. */
    public synchronized int maxSimultaneous(String type) {
        return log.spans(type).most();
    }

    /**
     * The share of the type's slots that was busy between two moments: 1 when {@code limit} requests were under way
     * all the time.
     *
     * @param fromNanos by {@link #nowNanos}
     * @param toNanos by {@link #nowNanos}, after {@code fromNanos}
     */
    public synchronized double utilisation(String type, int limit, long fromNanos, long toNanos) {
        return log.spans(type).utilisation(limit, fromNanos, toNanos);
    }

    /** When the requests for this id arrived, by {@link #nowNanos}, in order. */
    public synchronized long[] startsOf(String id) {
        return log.startsOf(id);
    }

    /** The times between the arrivals of this id's requests: what its retries waited. */
    public synchronized List<Duration> intervalsOf(String id) {
        return log.intervalsOf(id);
    }

    /**
     * Blocks until so many requests have arrived.
     *
     * @throws IllegalStateException if they do not arrive in time
     */
    public synchronized void awaitRequests(int count, Duration timeout) {
        await(() -> log.size() >= count, timeout, count + " requests");
    }

    /**
     * Blocks until so many requests have ended, however.
     *
     * @throws IllegalStateException if they do not end in time
     */
    public synchronized void awaitEnded(int count, Duration timeout) {
        await(() -> log.ended() >= count, timeout, count + " requests that ended");
    }

    private synchronized void await(BooleanSupplier reached, Duration timeout, String what) {
        long deadline = nowNanos() + timeout.toNanos();
        while (!reached.getAsBoolean()) {
            long left = deadline - nowNanos();
            if (left <= 0) {
                throw new IllegalStateException("not " + what + " within " + timeout + ", but " + log.size() + ", "
                        + log.ended() + " of them ended");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }
}
