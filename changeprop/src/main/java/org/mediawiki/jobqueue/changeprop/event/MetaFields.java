package org.mediawiki.jobqueue.changeprop.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** The fields of an event's {@code meta} that the queue needs. */
final class MetaFields {

    private Optional<String> id = Optional.empty();
    private Optional<String> stream = Optional.empty();
    private Optional<String> domain = Optional.empty();
    private Optional<String> uri = Optional.empty();
    private Optional<String> requestId = Optional.empty();
    private Optional<String> dt = Optional.empty();

    /** The parser stands on the value of {@code meta}; what is no object has no fields. */
    static MetaFields read(JsonParser parser) throws IOException {
        MetaFields meta = new MetaFields();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                meta.field(name, parser);
                parser.skipChildren();
            }
        }
        return meta;
    }

    Optional<String> id() {
        return id;
    }

    Optional<String> stream() {
        return stream;
    }

    Optional<String> domain() {
        return domain;
    }

    Optional<String> uri() {
        return uri;
    }

    Optional<String> requestId() {
        return requestId;
    }

    Optional<String> dt() {
        return dt;
    }

    private void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "id" -> id = EventDecoder.text(parser);
            case "stream" -> stream = EventDecoder.text(parser);
            case "domain" -> domain = EventDecoder.text(parser);
            case "uri" -> uri = EventDecoder.text(parser);
            case "request_id" -> requestId = EventDecoder.text(parser);
            case "dt" -> dt = EventDecoder.text(parser);
            default -> {}
        }
    }
}
