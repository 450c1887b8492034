package org.mediawiki.jobqueue.changeprop.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The fields of {@code /mediawiki/job/1.0.0} that the queue needs. Of repeated keys the last one counts. */
final class JobEventFields implements EventDecoder.Fields<JobEvent> {

    private Optional<String> schema = Optional.empty();
    private Optional<String> wiki = Optional.empty();
    private Optional<String> type = Optional.empty();
    private Optional<String> delayUntil = Optional.empty();
    private Optional<String> sha1 = Optional.empty();
    private Optional<RootEvent> root = Optional.empty();
    private MetaFields meta = new MetaFields();

    @Override
    public void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "$schema" -> schema = EventDecoder.text(parser);
            case "database" -> wiki = EventDecoder.text(parser);
            case "type" -> type = EventDecoder.text(parser);
            case "delay_until" -> delayUntil = scalar(parser);
            case "sha1" -> sha1 = EventDecoder.text(parser);
            case "meta" -> meta = MetaFields.read(parser);
            case "root_event" -> root = readRoot(parser);
            default -> {}
        }
    }

    @Override
    public Decoded<JobEvent> event() {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            return new Decoded.Invalid<>("required field " + missing.get() + " is missing or not a string");
        }
        Optional<Instant> createdAt = meta.dt().flatMap(Timestamps::parse);
        if (createdAt.isEmpty()) {
            return new Decoded.Invalid<>("meta.dt is not an ISO 8601 date");
        }
        return new Decoded.Valid<>(new JobEvent(
                meta.id().orElse(""),
                meta.stream().orElseThrow(),
                meta.domain().orElse(""),
                meta.uri().orElse(""),
                meta.requestId().orElse(""),
                createdAt.get(),
                wiki.orElseThrow(),
                type.orElseThrow(),
                delayUntil,
                sha1,
                root));
    }

    private Optional<String> missing() {
        if (schema.isEmpty()) {
            return Optional.of("$schema");
        } else if (meta.dt().isEmpty()) {
            return Optional.of("meta.dt");
        } else if (meta.stream().isEmpty()) {
            return Optional.of("meta.stream");
        } else if (wiki.isEmpty()) {
            return Optional.of("database");
        } else if (type.isEmpty()) {
            return Optional.of("type");
        }
        return Optional.empty();
    }

    /** A delay of any scalar type is kept, so that one that cannot be read is told of rather than ignored. */
    private static Optional<String> scalar(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        return Optional.of(token.isScalarValue() ? parser.getText() : token.asString());
    }

    private static Optional<RootEvent> readRoot(JsonParser parser) throws IOException {
        Optional<Instant> at = Optional.empty();
        Optional<String> signature = Optional.empty();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "dt" -> at = EventDecoder.text(parser).flatMap(Timestamps::parse);
                case "signature" -> signature = EventDecoder.text(parser);
                default -> {}
            }
            parser.skipChildren();
        }
        return at.isPresent() && signature.isPresent()
                ? Optional.of(new RootEvent(at.get(), signature.get()))
                : Optional.empty();
    }
}
