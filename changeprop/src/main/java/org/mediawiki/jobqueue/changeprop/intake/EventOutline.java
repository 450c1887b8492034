package org.mediawiki.jobqueue.changeprop.intake;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.EventJson;

/**
 * An event as far as a schema has rules for it. What it has none for, such as megabytes of a job's parameters, is passed
 * over, so that neither the size of an event nor its depth costs memory.
 *
 * @param tree what there are rules for; of a list only whether it is empty
 * @param behindMeta where in the event's bytes its {@code meta} goes on behind the opening brace; 0 where it has none
 */
record EventOutline(JsonNode tree, int behindMeta) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** More digits than any number that an event can mean. */
    private static final int LONGEST_NUMBER = 18;

    /** Draws the outline of an event that is known to be JSON. */
    static EventOutline of(byte[] event, JsonNode schema) {
        try (JsonParser parser = EventJson.parser(event)) {
            parser.nextToken();
            Reader reader = new Reader(parser);
            JsonNode tree = reader.value(schema, true);
            return new EventOutline(tree, reader.behindMeta);
        } catch (IOException e) {
            throw new UncheckedIOException("what was JSON is none any more", e);
        }
    }

    /** A field of {@code meta}; empty text where it is absent or no text. */
    String meta(String field) {
        return tree.path("meta").path(field).asText("");
    }

    /** The text at a JSON pointer; empty where there is none. */
    Optional<String> text(String pointer) {
        return Optional.ofNullable(tree.at(pointer).textValue());
    }

    /** Whether {@code meta} has the field, whatever it holds. */
    boolean hasMeta(String field) {
        return tree.path("meta").has(field);
    }

    private static final class Reader {

        private final JsonParser parser;
        private int behindMeta;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        /** The parser stands on the first token of the value, and then on its last. As deep as the schema, no deeper. */
        private JsonNode value(JsonNode rules, boolean isEvent) throws IOException {
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(rules.path("properties"), isEvent);
                case START_ARRAY -> list();
                case VALUE_STRING -> NODES.textNode(parser.getText());
                case VALUE_NUMBER_INT ->
                    NODES.numberNode(parser.getTextLength() <= LONGEST_NUMBER ? parser.getLongValue() : Long.MAX_VALUE);
                case VALUE_NUMBER_FLOAT ->
                    NODES.numberNode(parser.getTextLength() <= LONGEST_NUMBER ? parser.getDoubleValue() : 0.5);
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                default -> NODES.nullNode();
            };
        }

        private ObjectNode object(JsonNode properties, boolean isEvent) throws IOException {
            ObjectNode object = NODES.objectNode();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonNode rules = properties.path(name);
                boolean opens = parser.nextToken() == JsonToken.START_OBJECT;
                if (isEvent && name.equals("meta")) {
                    behindMeta = opens ? (int) parser.currentLocation().getByteOffset() : 0;
                }
                if (rules.isMissingNode()) {
                    parser.skipChildren();
                } else {
                    object.set(name, value(rules, false));
                }
            }
            return object;
        }

        private ArrayNode list() throws IOException {
            ArrayNode list = NODES.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
                if (list.isEmpty()) {
                    list.addNull();
                }
            }
            return list;
        }
    }
}
