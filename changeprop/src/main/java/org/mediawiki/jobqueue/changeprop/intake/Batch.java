package org.mediawiki.jobqueue.changeprop.intake;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mediawiki.jobqueue.runner.EventJson;

/** What a body holds: events, by where they stand, or nothing that can be taken. Pure. */
sealed interface Batch {

    /** One event or more, in their order. */
    record Events(List<Span> spans) implements Batch {
        @Override
        public <R> R match(Function<Events, R> events, Function<Unusable, R> unusable) {
            return events.apply(this);
        }
    }

    /** No event can be told from the others, or there is none; {@code reason} is a line for people. */
    record Unusable(int status, String reason) implements Batch {
        @Override
        public <R> R match(Function<Events, R> events, Function<Unusable, R> unusable) {
            return unusable.apply(this);
        }
    }

    /** Handles both cases. */
    <R> R match(Function<Events, R> events, Function<Unusable, R> unusable);

    /** Reads a body: a JSON array of at most {@code most} events, or one JSON object. */
    static Batch read(byte[] body, int most) {
        if (EventJson.looksLikeUtf16OrUtf32(body)) {
            return new Unusable(400, "The body is not JSON: it is not UTF-8");
        }
        try (JsonParser parser = EventJson.parser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return new Unusable(400, "The body is empty: it must hold events as JSON");
            } else if (!first.isStructStart()) {
                return new Unusable(400, "The body is neither a JSON array nor an object");
            }
            List<Span> spans = first == JsonToken.START_ARRAY ? elements(parser, most) : List.of(value(parser));
            if (parser.nextToken() != null) {
                return new Unusable(400, "The body goes on behind its JSON");
            } else if (spans.isEmpty() || isEmptyObject(first, spans.get(0), body)) {
                return new Unusable(400, "The body is empty: it must hold events as JSON");
            }
            return spans.size() > most
                    ? new Unusable(413, "The body holds more than " + most + " events")
                    : new Events(spans);
        } catch (JsonProcessingException e) {
            return new Unusable(400, "The body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return new Unusable(400, "The body is not JSON: " + e.getMessage());
        }
    }

    /** One more than {@code most} at the most, though everything is read: what is no JSON is told as that. */
    private static List<Span> elements(JsonParser parser, int most) throws IOException {
        List<Span> spans = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Span span = value(parser);
            if (spans.size() <= most) {
                spans.add(span);
            }
        }
        return spans;
    }

    /** The parser stands on the first token of the value, and then on its last. */
    private static Span value(JsonParser parser) throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        return new Span(from, (int) parser.currentLocation().getByteOffset());
    }

    private static boolean isEmptyObject(JsonToken first, Span span, byte[] body) {
        return first == JsonToken.START_OBJECT
                && new String(body, span.from() + 1, span.length() - 2, StandardCharsets.US_ASCII).isBlank();
    }
}
