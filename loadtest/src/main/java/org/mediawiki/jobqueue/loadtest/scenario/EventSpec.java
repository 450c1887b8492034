package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at a time. In a scenario's file exactly one key beside {@code at} and {@code for} says what.
 *
 * @param at when, counted from the beginning of the load
 * @param during how long it lasts, zero for what does not; key {@code for}
 * @param what what happens
 */
public record EventSpec(Duration at, Duration during, Disturbance what) {

    public EventSpec {
        if (what.lasts() == during.isZero()) {
            throw new IllegalArgumentException(
                    what.lasts() ? "an event that lasts needs for" : "an event that does not last has no for");
        }
    }

    /** What does not last. */
    static EventSpec at(Duration at, Disturbance what) {
        return new EventSpec(at, Duration.ZERO, what);
    }

    @JsonCreator
    static EventSpec read(
            @JsonProperty("at") @Nullable Duration at,
            @JsonProperty("for") @Nullable Duration during,
            @JsonAnySetter @Nullable Map<String, JsonNode> what) {
        if (at == null || what == null || what.size() != 1) {
            throw new IllegalArgumentException("an event needs at, and one of " + Kinds.keys());
        }
        Map.Entry<String, JsonNode> said = what.entrySet().iterator().next();
        return new EventSpec(at, during == null ? Duration.ZERO : during, Kinds.of(said.getKey(), said.getValue()));
    }

    /** When it is over, counted from the beginning of the load. */
    public Duration end() {
        return at.plus(during);
    }
}
