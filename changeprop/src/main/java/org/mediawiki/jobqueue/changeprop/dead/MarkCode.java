package org.mediawiki.jobqueue.changeprop.dead;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marks on the wire: {@code dead/<topic id>/<partition>/<offset>} and a JSON object. What is none is passed over. */
final class MarkCode {

    /** How the keys begin. */
    static final String PREFIX = "dead/";

    private static final Pattern KEY = Pattern.compile("dead/([^/]+)/([0-9]{1,9})/([0-9]{1,18})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private MarkCode() {}

    /** {@code topicId} tells the error topic from one of the same name that was deleted: offsets begin anew there. */
    record Place(String topicId, DeadJobId id) {}

    static String key(Place place) {
        return PREFIX + place.topicId() + "/" + place.id().partition() + "/"
                + place.id().offset();
    }

    static Optional<Place> place(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches()
                ? Optional.of(new Place(
                        matcher.group(1),
                        new DeadJobId(Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3)))))
                : Optional.empty();
    }

    static byte[] bytes(Mark mark) {
        ObjectNode json = JSON.createObjectNode();
        json.put("state", mark.state().name())
                .put("by", mark.by())
                .put("reason", mark.reason())
                .put("at", mark.at().toString())
                .put("claim", mark.claim());
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<Mark> mark(byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            return Optional.of(new Mark(
                    DeadJobState.valueOf(json.path("state").asText()),
                    json.path("by").asText(),
                    json.path("reason").asText(),
                    Instant.parse(json.path("at").asText()),
                    json.path("claim").asText()));
        } catch (IOException | IllegalArgumentException | DateTimeException ofALaterVersion) {
            return Optional.empty();
        }
    }
}
