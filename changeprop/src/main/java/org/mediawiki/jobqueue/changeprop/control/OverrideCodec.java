package org.mediawiki.jobqueue.changeprop.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Overrides on the wire: {@code {"version": 1, "value": "7", "by": …, "reason": …, "at": …, "until": …}}, times as ISO
 * 8601. Other fields are ignored, so that later versions may add some. Pure.
 */
final class OverrideCodec {

    private static final int VERSION = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private OverrideCodec() {}

    static byte[] encode(OperatorOverride override) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("version", VERSION)
                .put("value", override.value())
                .put("by", override.by())
                .put("reason", override.reason())
                .put("at", override.at().toString());
        override.until().ifPresent(until -> json.put("until", until.toString()));
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
    }

    /** @throws IllegalArgumentException where that is no override of {@code knob} */
    static OperatorOverride decode(Knob knob, byte[] value) {
        try {
            JsonNode json = MAPPER.readTree(value);
            String until = json.path("until").asText("");
            return new OperatorOverride(
                    knob,
                    json.path("value").asText(""),
                    json.path("by").asText(""),
                    json.path("reason").asText(""),
                    Instant.parse(json.path("at").asText("")),
                    until.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(until)));
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("no override: " + e.getMessage(), e);
        }
    }
}
