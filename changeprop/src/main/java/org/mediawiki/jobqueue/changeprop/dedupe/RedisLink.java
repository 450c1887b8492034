package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, opened again whenever it is lost. Each has a client of its own and ends with it, so that
 * nothing of a connection that hangs is left behind. Used on the lane's context.
 */
final class RedisLink {

    /** How long opening may take, greeting and password included. */
    static final Duration OPENING = Duration.ofSeconds(1);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final Supplier<Redis> clients;
    private final Runnable whenOpen;
    private final Time time;
    private final Promise<Void> firstTryIsOver = Promise.promise();
    private Optional<Redis> client = Optional.empty();
    private Optional<RedisConnection> connection = Optional.empty();
    private Time.Cancellation timer = Time.Cancellation.NONE;
    private Duration backOff = FIRST_BACK_OFF;
    private long openedNanos;
    private boolean isMissed;
    private boolean isClosed;

    /**
     * @param clients a new client each time
     * @param whenOpen called for each connection that was opened
     */
    RedisLink(Supplier<Redis> clients, Time time, Runnable whenOpen) {
        this.clients = clients;
        this.time = time;
        this.whenOpen = whenOpen;
    }

    /** Begins to connect; the answer never fails, and comes when the first try has succeeded or failed. */
    Future<Void> open() {
        connect();
        return firstTryIsOver.future();
    }

    /** Empty while there is none. */
    Optional<RedisConnection> connection() {
        return connection;
    }

    /** Gives {@code broken} up, where it is still in use, and connects anew. */
    void drop(RedisConnection broken, String why) {
        if (connection.filter(present -> present == broken).isPresent()) {
            client.ifPresent(present -> lost(present, why));
        }
    }

    Future<Void> close() {
        isClosed = true;
        timer.cancel();
        connection = Optional.empty();
        Optional<Redis> last = client;
        client = Optional.empty();
        firstTryIsOver.tryComplete();
        return last.map(Redis::close).orElseGet(Future::succeededFuture);
    }

    private void connect() {
        Redis opening = clients.get();
        client = Optional.of(opening);
        timer = time.after(OPENING, () -> lost(opening, "no greeting within " + OPENING.toMillis() + " ms"));
        opening.connect().onSuccess(opened -> opened(opening, opened)).onFailure(cause -> lost(opening, said(cause)));
    }

    private void opened(Redis by, RedisConnection opened) {
        if (!isInUse(by)) {
            return;
        }
        timer.cancel();
        connection = Optional.of(opened);
        openedNanos = time.nanos();
        opened.exceptionHandler(cause -> lost(by, said(cause)));
        opened.endHandler(ended -> lost(by, "the connection was closed"));
        if (isMissed) {
            isMissed = false;
            LOG.info("Redis is back");
        }
        whenOpen.run();
        firstTryIsOver.tryComplete();
    }

    /** Of all that tells of a client's end only the first is heard. */
    private void lost(Redis by, String why) {
        if (!isInUse(by)) {
            return;
        }
        timer.cancel();
        // One that opens and is of no use, as a replica's, is no reason to come back sooner.
        if (connection.isPresent() && time.nanos() - openedNanos >= LONGEST_BACK_OFF.toNanos()) {
            backOff = FIRST_BACK_OFF;
        }
        client = Optional.empty();
        connection = Optional.empty();
        by.close();
        if (!isMissed) {
            isMissed = true;
            LOG.warn("Redis cannot be used, only what this process has done itself is recognised: {}", why);
        }
        timer = time.after(backOff, this::connect);
        Duration doubled = backOff.multipliedBy(2);
        backOff = doubled.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : doubled;
        firstTryIsOver.tryComplete();
    }

    private boolean isInUse(Redis one) {
        return !isClosed && client.filter(present -> present == one).isPresent();
    }

    /** TLS tells what was wrong in the cause of the cause. */
    private static String said(Throwable cause) {
        String outermost = String.valueOf(cause.getMessage());
        return cause.getCause() == null
                ? outermost
                : outermost + ": " + cause.getCause().getMessage();
    }
}
