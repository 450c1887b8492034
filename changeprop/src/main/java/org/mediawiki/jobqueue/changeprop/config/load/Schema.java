package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.resource.Resource;

/**
 * {@code config/schema.json} as something that can be asked: what belongs at a path, which keys there are, what the
 * defaults are.
 *
 * @param root the JSON Schema
 */
record Schema(JsonNode root) {

    /** The one on the class path. */
    static Schema ofConfiguration() {
        try {
            return new Schema(new ObjectMapper().readTree(Resource.bytes(Configuration.class, "schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException("schema.json is no JSON", e);
        }
    }

    /** The rules for a path; a missing node where nothing belongs there. */
    JsonNode at(JsonPointer path) {
        JsonNode rules = root;
        for (JsonPointer rest = path; !rest.matches(); rest = rest.tail()) {
            rules = inside(rules, rest.getMatchingProperty());
        }
        return rules;
    }

    /** Whether words at a path are meant as text, even if they look like numbers. */
    boolean expectsText(JsonPointer path) {
        JsonNode type = at(path).path("type");
        return type.isArray() || type.asText().equals("string");
    }

    /** The keys of the map at a path; empty where any may stand there. */
    List<String> keysAt(JsonPointer path) {
        List<String> keys = new ArrayList<>();
        resolve(at(path)).path("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Follows {@code missing} down to the first key that itself has no required key inside: what to write. */
    JsonPointer deepestRequired(JsonPointer missing) {
        JsonNode required = resolve(at(missing)).path("required");
        return required.isEmpty()
                ? missing
                : deepestRequired(missing.appendProperty(required.get(0).asText()));
    }

    /** Keys with nothing behind them: a map without entries where a map belongs, else as if the key was not there. */
    void dropNulls(ObjectNode node, JsonPointer at) {
        for (Map.Entry<String, JsonNode> entry : List.copyOf(node.properties())) {
            JsonPointer here = at.appendProperty(entry.getKey());
            if (!entry.getValue().isNull()) {
                if (entry.getValue() instanceof ObjectNode map) {
                    dropNulls(map, here);
                }
            } else if (resolve(at(here)).path("type").asText().equals("object")) {
                node.set(entry.getKey(), JsonNodeFactory.instance.objectNode());
            } else if (!at(here).isMissingNode()) {
                node.remove(entry.getKey());
            }
        }
    }

    /** Writes the defaults of all keys that are absent, also inside the maps that are there. */
    void fillDefaults(ObjectNode node) {
        fillDefaults(node, root);
    }

    private void fillDefaults(ObjectNode node, JsonNode rules) {
        JsonNode properties = resolve(rules).path("properties");
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode value = property.getValue().path("default");
            if (!value.isMissingNode() && !node.has(property.getKey())) {
                node.set(property.getKey(), value.deepCopy());
            }
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue() instanceof ObjectNode map) {
                fillDefaults(map, inside(rules, entry.getKey()));
            }
        }
    }

    private JsonNode inside(JsonNode rules, String key) {
        JsonNode here = resolve(rules);
        JsonNode property = here.path("properties").path(key);
        if (!property.isMissingNode()) {
            return property;
        }
        JsonNode others = here.path(here.has("items") ? "items" : "additionalProperties");
        return others.isObject() ? others : MissingNode.getInstance();
    }

    private JsonNode resolve(JsonNode rules) {
        String reference = rules.path("$ref").asText("");
        return reference.isEmpty() ? rules : root.at(reference.substring(1));
    }

    /** What belongs at a place, so that it fits after "must be". */
    static String describe(JsonNode rules) {
        if (rules.has("title")) {
            return rules.get("title").asText();
        } else if (rules.has("enum")) {
            return "one of " + String.join(", ", texts(rules.get("enum")));
        } else if (rules.has("$ref")) {
            return "a map of keys and values";
        }
        return switch (rules.path("type").asText()) {
            case "integer" -> "a whole number" + range(rules);
            case "number" -> "a number" + range(rules);
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a map of keys and values";
            default -> "text";
        };
    }

    private static String range(JsonNode rules) {
        return rules.has("minimum") && rules.has("maximum")
                ? " from " + rules.get("minimum").asText() + " to "
                        + rules.get("maximum").asText()
                : "";
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
