package org.mediawiki.jobqueue.loadtest.standin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the few fields that name a job out of a request's body, and stops as soon as it has them: in real events they
 * stand before {@code params}. Whatever the bytes are, it never throws. Safe for use by several threads.
 */
final class EventReader {

    private static final String META = "meta";

    private final JsonFactory json = new JsonFactory();

    /** The fields found before the end, or before the first thing that is not JSON. */
    EventFields read(byte[] body) {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                readFields(parser, "", found);
            }
        } catch (IOException notJson) {
            // A runner answers whatever it is sent; what could be read names the job well enough.
        }
        return new EventFields(
                found.getOrDefault("type", ""),
                found.getOrDefault("database", ""),
                found.getOrDefault("meta.id", ""),
                found.getOrDefault("meta.stream", ""));
    }

    private static void readFields(JsonParser parser, String prefix, Map<String, String> found) throws IOException {
        while (found.size() < 4 && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && name.equals(META)) {
                readFields(parser, META + ".", found);
            } else if (value == JsonToken.VALUE_STRING && isWanted(name)) {
                found.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    private static boolean isWanted(String name) {
        return switch (name) {
            case "type", "database", "meta.id", "meta.stream" -> true;
            default -> false;
        };
    }
}
