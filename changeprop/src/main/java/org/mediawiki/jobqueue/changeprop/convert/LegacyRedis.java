package org.mediawiki.jobqueue.changeprop.convert;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/**
 * The store of the legacy service's duplicates ({@code sys/deduplicator.js}).
 *
 * @param place host and port; empty where it is a sidecar, which our pods do not have
 * @param hasPassword whether it asks for one
 * @param windowSeconds how long leaves of a root event are remembered; jobs a 24th of that
 */
record LegacyRedis(Optional<String> place, boolean hasPassword, long windowSeconds) {

    static final long USUAL_WINDOW_SECONDS = 86_400;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /**
     * From the block that holds host and port.
     *
     * @param hasSidecar whether the pod brings a proxy for Redis
     */
    static LegacyRedis read(Block redis, OptionalDouble window, boolean hasSidecar) {
        if (redis.has("path")) {
            redis.skip("path");
            redis.findings().refuse(redis.at("path"), "is a Unix socket", "name host and port of the Redis behind it");
        }
        String host = redis.text("host").orElse("localhost");
        long port = Math.round(redis.number("port", 1).orElse(6379));
        boolean hasPassword =
                redis.text("password").or(() -> redis.text("pass")).isPresent();
        redis.refuseTheRest();
        long seconds = window.isPresent() ? Math.round(window.getAsDouble()) : USUAL_WINDOW_SECONDS;
        boolean isHere = LOOPBACK.contains(host);
        tell(redis, host, isHere, hasPassword, hasSidecar);
        return new LegacyRedis(isHere ? Optional.empty() : Optional.of(host + ":" + port), hasPassword, seconds);
    }

    private static void tell(Block redis, String host, boolean isHere, boolean hasPassword, boolean hasSidecar) {
        Findings findings = redis.findings();
        if (isHere) {
            findings.tell(
                    Kind.ACT,
                    redis.at("host"),
                    host + " is " + (hasSidecar ? "the nutcracker sidecar" : "the pod itself")
                            + ", which our pods do not have: the output remembers jobs in memory. To share what is"
                            + " remembered, with the legacy service during the switch too, name one Redis server:"
                            + " dedupe: {store: redis, redis: {uri: 'redis://host:6379'}}.");
        }
        if (hasPassword) {
            findings.tell(
                    Kind.ACT,
                    redis.at("password"),
                    "Is not copied: set the variable JOBQUEUE_REDIS_PASSWORD to it, as it is, from a Secret.");
        }
    }
}
