package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;

/**
 * Writes into a valid document all that it leaves out, so that the records made from it are complete:
 *
 * <pre>
 *   1. derived   the URIs of server groups, the lane main, the only target, the pool of everything else
 *   2. inherited retry and breaker: job type ◀── lane ◀── file, key by key
 *   3. default   what the schema says
 *   4. inherited timeout: job type ◀── target
 * </pre>
 *
 * Inheritance comes before defaults, else a default would hide what the lane or the file says.
 */
final class Completion {

    private static final List<String> INHERITED = List.of("retry", "breaker");

    private static final JsonPointer A_TARGETS_PATH = JsonPointer.compile("/targets/any/path");

    private final ObjectNode root;
    private final Schema schema;

    private Completion(ObjectNode root, Schema schema) {
        this.root = root;
        this.schema = schema;
    }

    /** The completed copy of a document in which no check found a problem. */
    static ObjectNode of(Document document, Schema schema) {
        Completion completion = new Completion(document.root().deepCopy(), schema);
        completion.derive();
        completion.inherit();
        schema.fillDefaults(completion.root);
        completion.inheritTimeouts();
        return completion.root;
    }

    private void derive() {
        resolveServerGroups();
        ObjectNode lanes = root.withObject("/lanes");
        placePool(lanes);
        String onlyTarget = root.path("targets").fieldNames().next();
        for (JsonNode lane : lanes) {
            if (!lane.has("target")) {
                ((ObjectNode) lane).put("target", onlyTarget);
            }
        }
    }

    /**
     * Where no lane has the pool of everything else, {@code main} gets it; and there is a {@code main} where there is no lane, but
     * none beside lanes of other names, since that would run more. Lanes that are no maps are left as they are.
     */
    static void placePool(ObjectNode lanes) {
        if (lanes.isEmpty()) {
            lanes.putObject(EffectiveConfig.MAIN_LANE);
        }
        boolean hasPool = false;
        for (JsonNode lane : lanes) {
            hasPool |= lane.has("low_traffic");
        }
        if (!hasPool && lanes.get(EffectiveConfig.MAIN_LANE) instanceof ObjectNode main) {
            main.putObject("low_traffic");
        }
    }

    private void resolveServerGroups() {
        for (JsonNode target : root.path("targets")) {
            JsonNode group =
                    root.path("server_groups").path(target.path("server_group").asText());
            if (group.isObject()) {
                ((ObjectNode) target).put("uri", uriOf(group, target));
            }
        }
    }

    private String uriOf(JsonNode group, JsonNode target) {
        String path = target.has("path")
                ? target.get("path").asText()
                : schema.at(A_TARGETS_PATH).path("default").asText();
        return "https://" + group.path("host").asText() + ":"
                + group.path("port").asInt() + path;
    }

    private void inherit() {
        for (JsonNode lane : root.path("lanes")) {
            inherit((ObjectNode) lane, root);
            for (JsonNode type : lane.path("jobs")) {
                inherit((ObjectNode) type, lane);
            }
            if (lane.get("low_traffic") instanceof ObjectNode pool) {
                inherit(pool, lane);
            }
        }
    }

    private static void inherit(ObjectNode child, JsonNode parent) {
        for (String key : INHERITED) {
            ObjectNode merged = JsonNodeFactory.instance.objectNode();
            addAll(merged, parent.path(key));
            addAll(merged, child.path(key));
            child.set(key, merged);
        }
    }

    private static void addAll(ObjectNode map, JsonNode entries) {
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            map.set(entry.getKey(), entry.getValue());
        }
    }

    private void inheritTimeouts() {
        for (JsonNode lane : root.path("lanes")) {
            JsonNode timeout =
                    root.path("targets").path(lane.path("target").asText()).path("timeout");
            lane.path("jobs").forEach(type -> inheritTimeout(type, timeout));
            inheritTimeout(lane.path("low_traffic"), timeout);
        }
    }

    private static void inheritTimeout(JsonNode type, JsonNode timeout) {
        if (type instanceof ObjectNode settings && !settings.has("timeout")) {
            settings.set("timeout", timeout);
        }
    }
}
