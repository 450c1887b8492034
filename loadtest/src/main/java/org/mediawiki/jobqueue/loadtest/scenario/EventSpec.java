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
 * @param during how long it lasts, for {@code answer}, {@code refuse}, {@code freeze} and {@code broker}; key {@code for}
 * @param kill {@code kill -9} of the instance with this number, from 0
 * @param stop SIGTERM to that instance
 * @param start starts that instance (again)
 * @param freeze SIGSTOP to that instance, SIGCONT after {@code for}
 * @param answer the runner answers like this rule of the stand-in
 * @param refuse the runner refuses connections
 * @param broker this broker, from 1, is down
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
        @Nullable Integer broker) {

    private static final List<String> KINDS = List.of("kill", "stop", "start", "freeze", "answer", "refuse", "broker");

    public EventSpec {
        long said = Stream.of(kill, stop, start, freeze, answer, refuse, broker)
                .filter(Objects::nonNull)
                .count();
        if (at == null || said != 1) {
            throw new IllegalArgumentException("an event needs at, and one of " + KINDS);
        }
        if (during == null && (freeze != null || answer != null || refuse != null || broker != null)) {
            throw new IllegalArgumentException("an event that lasts needs for");
        }
        during = during == null ? Duration.ZERO : during;
    }

    /** When it is over, counted from the beginning of the load. */
    public Duration end() {
        return at.plus(during);
    }
}
