package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.Time;

/** What the fleet has completed, as far as Redis tells it in time. Used on the lane's context. */
final class RedisMemory {

    /** How long a check may take. */
    static final Duration DEADLINE = Duration.ofMillis(100);

    /** How many messages may be unanswered at once. */
    static final int MOST_OUTSTANDING = 1_000;

    private static final String CONNECTION_CLOSED = "CONNECTION_CLOSED";

    /** What a replica answers to whoever writes. Before Redis 7 more stands before it where a script wrote. */
    private static final String READ_ONLY = "READONLY ";

    private final RedisLink link;
    private final RedisCommands commands;
    private final RedisBreaker breaker;
    private final Time time;
    private final DedupeListener listener;
    private int outstanding;

    /** {@code breaker} hears of a success from whoever opens connections: a new one has just answered. */
    RedisMemory(RedisLink link, RedisCommands commands, RedisBreaker breaker, Time time, DedupeListener listener) {
        this.link = link;
        this.commands = commands;
        this.breaker = breaker;
        this.time = time;
        this.listener = listener;
    }

    /** One round trip; the answer never fails, and is empty where it could not be had in time. */
    Future<Optional<Remembered>> recall(DedupeKeys keys) {
        Optional<RedisConnection> connection = link.connection();
        if (connection.isEmpty()) {
            return unchecked(StoreTrouble.UNAVAILABLE);
        }
        if (outstanding >= MOST_OUTSTANDING) {
            return unchecked(StoreTrouble.SLOW);
        }
        if (!breaker.admits()) {
            return unchecked(breaker.openBecause().orElse(StoreTrouble.SLOW));
        }
        return ask(connection.get(), keys);
    }

    /** One message, and its answer is not waited for. */
    void remember(Completed completed) {
        List<Request> requests = commands.remember(completed);
        Optional<RedisConnection> connection = link.connection();
        if (requests.isEmpty()) {
            return;
        }
        if (connection.isEmpty()) {
            listener.unremembered(StoreTrouble.UNAVAILABLE);
        } else if (outstanding >= MOST_OUTSTANDING) {
            listener.unremembered(StoreTrouble.SLOW);
        } else {
            tell(connection.get(), requests);
        }
    }

    /** A master that became a replica may keep its connections, and answers whoever reads: only writes tell. */
    private void tell(RedisConnection connection, List<Request> requests) {
        outstanding++;
        connection.batch(requests).onComplete(answers -> {
            outstanding--;
            if (answers.failed()) {
                String said = String.valueOf(answers.cause().getMessage());
                listener.unremembered(troubleOf(answers.cause()));
                if (said.contains(READ_ONLY)) {
                    link.drop(connection, said);
                }
            }
        });
    }

    private Future<Optional<Remembered>> ask(RedisConnection connection, DedupeKeys keys) {
        Promise<Optional<Remembered>> answer = Promise.promise();
        outstanding++;
        Time.Cancellation deadline = time.after(DEADLINE, () -> late(connection, answer));
        connection.send(commands.recall(keys)).onComplete(values -> {
            outstanding--;
            deadline.cancel();
            if (values.failed()) {
                failed(connection, answer, values.cause());
            } else if (answer.tryComplete(Optional.of(commands.remembered(keys, values.result())))) {
                breaker.succeeded();
            }
        });
        return answer.future();
    }

    /** A connection that does not even answer the probe is taken for a broken one. */
    private void late(RedisConnection connection, Promise<Optional<Remembered>> answer) {
        boolean wasProbe = breaker.isProbing();
        breaker.failed(StoreTrouble.SLOW);
        unchecked(answer, StoreTrouble.SLOW);
        if (wasProbe) {
            link.drop(
                    connection,
                    "it has not answered for "
                            + RedisBreaker.OPEN_FOR.plus(DEADLINE).toMillis() + " ms");
        }
    }

    private void failed(RedisConnection connection, Promise<Optional<Remembered>> answer, Throwable cause) {
        StoreTrouble trouble = troubleOf(cause);
        if (trouble == StoreTrouble.UNAVAILABLE) {
            link.drop(connection, String.valueOf(cause.getMessage()));
        } else if (!answer.future().isComplete()) {
            breaker.failed(trouble);
        }
        unchecked(answer, trouble);
    }

    private void unchecked(Promise<Optional<Remembered>> answer, StoreTrouble why) {
        if (answer.tryComplete(Optional.empty())) {
            listener.unchecked(why);
        }
    }

    private Future<Optional<Remembered>> unchecked(StoreTrouble why) {
        listener.unchecked(why);
        return Future.succeededFuture(Optional.empty());
    }

    /** What Redis says is a response, also where it fails a request; but so is what the client makes of a lost connection. */
    private static StoreTrouble troubleOf(Throwable cause) {
        boolean isSaid =
                cause instanceof Response && !String.valueOf(cause.getMessage()).contains(CONNECTION_CLOSED);
        return isSaid ? StoreTrouble.REFUSED : StoreTrouble.UNAVAILABLE;
    }
}
