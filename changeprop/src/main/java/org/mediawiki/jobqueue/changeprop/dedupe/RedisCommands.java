package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.event.Timestamps;

/**
 * What is said to Redis, and what its answers mean; values are such that the legacy service reads them, and its own are
 * read as they are. Each command but {@code MGET} names one key, so that a proxy which spreads keys over servers can
 * pass it on. Pure.
 */
final class RedisCommands {

    /**
     * Moves a date forward, never back. A date that is not in UTC, which nobody writes, is replaced. Sent in full each
     * time: the server that was restarted need not be taught anew, and 400 bytes are cheap.
     */
    static final String MOVE_FORWARD = """
            local function utc(date)
              return string.match(date, '^(%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*)Z?$')
            end
            local present = redis.call('GET', KEYS[1])
            local before, now = present and utc(present), utc(ARGV[1])
            if before and now and before > now then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
            return 1
            """;

    /** As JavaScript's {@code toISOString()} writes it. */
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private static final String DONE = "1";

    private final long ttlSeconds;
    private final long rootTtlSeconds;

    RedisCommands(DedupeConfig config) {
        this.ttlSeconds = wholeSeconds(config.ttl());
        this.rootTtlSeconds = wholeSeconds(config.rootTtl());
    }

    /** Asks for all that {@link #remembered} wants to know. */
    Request recall(DedupeKeys keys) {
        Request request = Request.cmd(Command.MGET);
        keys.all().forEach(request::arg);
        return request;
    }

    /** Reads the answer to {@link #recall}; what is no date is passed over. */
    Remembered remembered(DedupeKeys keys, Response values) {
        Iterator<Response> next = values.iterator();
        boolean isDone = keys.id().isPresent() && next.next() != null;
        Optional<Instant> startedAt = keys.sha1().flatMap(key -> date(next.next()));
        Optional<Instant> rootAt = keys.root().flatMap(key -> date(next.next()));
        return new Remembered(isDone, startedAt, rootAt);
    }

    /** Remembers a job under each of its keys. */
    List<Request> remember(Completed completed) {
        List<Request> requests = new ArrayList<>(3);
        DedupeKeys keys = completed.keys();
        keys.idKey().ifPresent(key -> requests.add(Request.cmd(Command.SET, key, DONE, "EX", ttlSeconds)));
        keys.sha1Key()
                .ifPresent(key -> requests.add(moveForward(key, MILLIS.format(completed.startedAt()), ttlSeconds)));
        keys.rootKey()
                .ifPresent(key -> completed
                        .rootAt()
                        .ifPresent(at -> requests.add(moveForward(key, at.toString(), rootTtlSeconds))));
        return requests;
    }

    private static Request moveForward(String key, String date, long ttlSeconds) {
        return Request.cmd(Command.EVAL, MOVE_FORWARD, 1, key, date, ttlSeconds);
    }

    private static Optional<Instant> date(@Nullable Response value) {
        return Optional.ofNullable(value).map(Response::toString).flatMap(Timestamps::parse);
    }

    /** Rounded up, as the legacy service does; Redis refuses 0. */
    private static long wholeSeconds(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }
}
