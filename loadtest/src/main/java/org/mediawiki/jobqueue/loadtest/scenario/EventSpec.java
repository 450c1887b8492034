package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at a time. Exactly one of the keys beside {@code at} and {@code for} says what.
 *
 * @param at when, counted from the beginning of the load
 * @param during how long it lasts, for {@code answer}, {@code refuse}, {@code freeze}, {@code broker}, {@code disconnect}
 *     and {@code limit}; key {@code for}
 * @param kill {@code kill -9} of the instance with this number, from 0
 * @param stop SIGTERM to that instance
 * @param start starts that instance (again)
 * @param freeze SIGSTOP to that instance, SIGCONT after {@code for}
 * @param answer the runner answers like this rule of the stand-in
 * @param refuse the runner refuses connections
 * @param broker this broker, from 1, is down
 * @param disconnect the instance with this number hears nothing from the brokers, nor they from it
 * @param limit a job type has another limit, by the configuration's file
 */
public record EventSpec(
        @JsonProperty(required = true) Duration at,
        @JsonProperty("for") Duration during,
        @Nullable Integer kill,
        @Nullable Integer stop,
        @Nullable Integer start,
        @Nullable Integer freeze,
        @Nullable JsonNode answer,
        @Nullable Boolean refuse,
        @Nullable Integer broker,
        @Nullable Integer disconnect,
        @Nullable Limit limit) {

    private static final List<String> KINDS =
            List.of("kill", "stop", "start", "freeze", "answer", "refuse", "broker", "disconnect", "limit");

    /**
     * A limit.
     *
     * @param type a job type that the scenario gives a limit of its own
     * @param concurrency how many of it may run at once meanwhile, 1 or more
     */
    public record Limit(String type, int concurrency) {
        public Limit {
            if (type == null || concurrency < 1) {
                throw new IllegalArgumentException("limit needs type, and a concurrency of 1 or more");
            }
        }
    }

    public EventSpec {
        long said = Stream.of(kill, stop, start, freeze, answer, refuse, broker, disconnect, limit)
                .filter(Objects::nonNull)
                .count();
        boolean lasts =
                Stream.of(freeze, answer, refuse, broker, disconnect, limit).anyMatch(Objects::nonNull);
        if (at == null || said != 1) {
            throw new IllegalArgumentException("an event needs at, and one of " + KINDS);
        }
        if (during == null && lasts) {
            throw new IllegalArgumentException("an event that lasts needs for");
        }
        during = during == null ? Duration.ZERO : during;
    }

    static EventSpec kill(Duration at, int instance) {
        return new EventSpec(at, Duration.ZERO, instance, null, null, null, null, null, null, null, null);
    }

    static EventSpec stop(Duration at, int instance) {
        return new EventSpec(at, Duration.ZERO, null, instance, null, null, null, null, null, null, null);
    }

    static EventSpec start(Duration at, int instance) {
        return new EventSpec(at, Duration.ZERO, null, null, instance, null, null, null, null, null, null);
    }

    static EventSpec freeze(Duration at, Duration during, int instance) {
        return new EventSpec(at, during, null, null, null, instance, null, null, null, null, null);
    }

    static EventSpec answer(Duration at, Duration during, JsonNode rule) {
        return new EventSpec(at, during, null, null, null, null, rule, null, null, null, null);
    }

    static EventSpec refuse(Duration at, Duration during) {
        return new EventSpec(at, during, null, null, null, null, null, true, null, null, null);
    }

    static EventSpec broker(Duration at, Duration during, int broker) {
        return new EventSpec(at, during, null, null, null, null, null, null, broker, null, null);
    }

    static EventSpec disconnect(Duration at, Duration during, int instance) {
        return new EventSpec(at, during, null, null, null, null, null, null, null, instance, null);
    }

    static EventSpec limit(Duration at, Duration during, Limit limit) {
        return new EventSpec(at, during, null, null, null, null, null, null, null, null, limit);
    }

    /** When it is over, counted from the beginning of the load. */
    public Duration end() {
        return at.plus(during);
    }
}
