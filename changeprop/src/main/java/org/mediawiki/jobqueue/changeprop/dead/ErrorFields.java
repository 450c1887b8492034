package org.mediawiki.jobqueue.changeprop.dead;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mediawiki.jobqueue.runner.EventJson;

/**
 * The fields of {@code /error/0.0.3} that matter, read token by token; the job inside is not touched before somebody asks
 * for it.
 */
final class ErrorFields {

    private static final int NOWHERE = -1;

    private final byte[] value;
    private final boolean whole;
    private String emitter = "";
    private String message = "";
    private int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String body = "";

    /** Where the opening quote of the job inside stands. */
    private int rawEventAt = NOWHERE;

    private ErrorFields(byte[] value, boolean whole) {
        this.value = value;
        this.whole = whole;
    }

    /** {@code whole}: whether the last answer is wanted, too. What cannot be read says so in its message. */
    static ErrorFields read(byte[] value, boolean whole) {
        ErrorFields fields = new ErrorFields(value, whole);
        try (JsonParser parser = EventJson.parser(value)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, fields::field);
            } else {
                fields.message = "the error record is not a JSON object";
            }
        } catch (IOException e) {
            fields.message = "the error record is not JSON";
        }
        return fields;
    }

    String emitter() {
        return emitter;
    }

    String message() {
        return message;
    }

    int status() {
        return status;
    }

    /** Of the last answer. */
    Map<String, String> headers() {
        return headers;
    }

    /** Of the last answer. */
    String body() {
        return body;
    }

    /** The job inside, as UTF-8; empty where there is none. */
    InputStream rawEvent() {
        return rawEventAt == NOWHERE ? new ByteArrayInputStream(new byte[0]) : new UnescapedText(value, rawEventAt);
    }

    private void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "emitter_id" -> emitter = text(parser);
            case "raw_event" ->
                rawEventAt = parser.currentToken() == JsonToken.VALUE_STRING
                        ? (int) parser.currentTokenLocation().getByteOffset()
                        : NOWHERE;
            case "message" -> message = text(parser);
            case "details" -> inside(parser, this::detail);
            default -> {}
        }
    }

    private void detail(String name, JsonParser parser) throws IOException {
        if (name.equals("status")) {
            status = parser.getValueAsInt(0);
        } else if (whole && name.equals("body")) {
            body = text(parser);
        } else if (whole && name.equals("headers")) {
            inside(parser, (header, of) -> headers.put(header, text(of)));
        }
    }

    private interface Field {
        void read(String name, JsonParser parser) throws IOException;
    }

    private static void inside(JsonParser parser, Field each) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            object(parser, each);
        }
    }

    private static void object(JsonParser parser, Field each) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            each.read(name, parser);
            parser.skipChildren();
        }
    }

    private static String text(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    }
}
