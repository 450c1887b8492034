package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What stands in a Redis, seen by another client than ours; what the legacy service writes is written with it. */
final class RawRedis implements AutoCloseable {

    private final Redis redis;

    RawRedis(Vertx vertx, URI uri) {
        this.redis = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(uri.toString()).setMaxPoolSize(1));
    }

    Response send(Command command, Object... arguments) {
        return OnItsContext.result(redis.send(Request.cmd(command, arguments)));
    }

    /** As {@code sys/deduplicator.js} does it: SET, then EXPIRE. */
    void writtenByTheLegacyService(String key, String value, int ttlSeconds) {
        send(Command.SET, key, value);
        send(Command.EXPIRE, key, ttlSeconds);
    }

    Map<String, String> all() {
        List<String> keys = StreamSupport.stream(send(Command.KEYS, "*").spliterator(), false)
                .map(Response::toString)
                .toList();
        Map<String, String> all = new TreeMap<>();
        keys.forEach(key -> all.put(key, send(Command.GET, key).toString()));
        return all;
    }

    long ttlSeconds(String key) {
        return send(Command.TTL, key).toLong();
    }

    /** How often each command was called since the start, by {@code INFO commandstats}. */
    Map<String, Integer> calls() {
        Map<String, Integer> calls = new TreeMap<>();
        Pattern.compile("cmdstat_([^:]+):calls=(\\d+)")
                .matcher(send(Command.INFO, "commandstats").toString())
                .results()
                .forEach((MatchResult found) -> calls.put(found.group(1), Integer.valueOf(found.group(2))));
        return calls;
    }

    /** How many connections it has taken since the start, this one's among them. */
    int connections() {
        return Pattern.compile("total_connections_received:(\\d+)")
                .matcher(send(Command.INFO, "stats").toString())
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
