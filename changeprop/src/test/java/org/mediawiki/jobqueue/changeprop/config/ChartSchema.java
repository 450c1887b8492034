package org.mediawiki.jobqueue.changeprop.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The schema of the chart's values: written by hand but for what {@code config} may hold, which is the service's own
 * schema, so that Helm and editors know it there too.
 */
final class ChartSchema {

    static final Path FILE = Path.of("..", "helm", "jobqueue", "values.schema.json");

    private ChartSchema() {}

    /** The file as it should be. */
    static ObjectNode withConfiguration(ObjectNode configuration) throws IOException {
        ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(FILE.toFile());
        ObjectNode definitions = schema.withObject("/$defs");
        JsonNode workload = definitions.get("Workload");
        definitions.removeAll();
        definitions.set("Workload", workload);
        configuration
                .path("$defs")
                .properties()
                .forEach(entry -> definitions.set(entry.getKey(), forHelm(entry.getValue())));
        configuration.remove("$defs");
        configuration.remove("$schema");
        // Brokers and targets come from other files; the chart's own checks look whether they are there in the end.
        configuration.remove("required");
        ((ObjectNode) configuration.at("/properties/targets")).remove("minProperties");
        definitions.set("Configuration", forHelm(configuration));
        definitions.withObject("/KafkaConfig").remove("required");
        return schema;
    }

    /** Go's regular expressions cannot look ahead: those parts are left to the service's own check. */
    private static JsonNode forHelm(JsonNode rules) {
        if (rules instanceof ObjectNode map) {
            if (map.path("pattern").isTextual()) {
                map.put("pattern", map.get("pattern").asText().replaceAll("\\(\\?[!=][^)]*\\)", ""));
            }
            map.forEach(ChartSchema::forHelm);
        } else {
            rules.forEach(ChartSchema::forHelm);
        }
        return rules;
    }
}
