package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code -Dchart.readme.update=true} writes it anew. */
class ReadmeTest {

    private static final Path README = Chart.FOLDER.resolve("README.md");

    /** Told of as a whole. */
    private static final Set<String> WHOLE = Set.of("config", "lanes", "global");

    private static final String HEAD = """
            # Chart jobqueue

            Runs MediaWiki's jobs from Kafka: one Deployment for each lane, all from the same values. How it is meant, and what
            the least is that you must say, stands in [docs/deployment.md](../../docs/deployment.md).

            This page is made of [values.schema.json](values.schema.json) and [values.yaml](values.yaml), by which Helm refuses
            values that are none.
            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final JsonNode schema;
    private final JsonNode values;

    ReadmeTest() throws IOException {
        schema = new ObjectMapper()
                .readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        values = new YAMLMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    }

    @Test
    void listsEveryValueWithItsDefaultAndItsMeaning() throws IOException {
        for (Map.Entry<String, JsonNode> part : schema.path("properties").properties()) {
            page.append("\n## `%s`\n\n%s\n".formatted(part.getKey(), description(part.getValue())));
            if (!WHOLE.contains(part.getKey())) {
                page.append("\n| value | default | |\n|---|---|---|\n");
                rows(part.getKey(), part.getValue());
            }
        }
        if (Boolean.getBoolean("chart.readme.update")) {
            Files.writeString(README, page);
        }

        assertThat(README).hasContent(page.toString());
    }

    private void rows(String path, JsonNode rules) {
        JsonNode properties = resolve(rules).path("properties");
        if (properties.isMissingNode()) {
            JsonNode value = values.at("/" + path.replace('.', '/'));
            String text = description(rules) + choices(rules);
            page.append("| `%s` | `%s` | %s |\n".formatted(path, value, text.replace("|", "\\|")));
            return;
        }
        properties.properties().forEach(entry -> rows(path + "." + entry.getKey(), entry.getValue()));
    }

    private static String description(JsonNode rules) {
        return rules.path("description").asText();
    }

    private static String choices(JsonNode rules) {
        JsonNode choices = rules.path("enum");
        return choices.isMissingNode() ? "" : " One of " + choices.toString().replace(",", ", ") + ".";
    }

    private JsonNode resolve(JsonNode rules) {
        String reference = rules.path("$ref").asText("");
        return reference.isEmpty() ? rules : schema.at(reference.substring(1));
    }
}
