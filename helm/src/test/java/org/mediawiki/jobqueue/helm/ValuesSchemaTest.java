package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm and editors are told of the values. */
class ValuesSchemaTest {

    /** Lists of values, whose keys are not those of the chart. */
    private static final Set<String> OPEN = Set.of(
            "config",
            "lanes.main",
            "workload.resources.requests",
            "workload.resources.limits",
            "mesh.resources.requests",
            "mesh.resources.limits");

    @Test
    void knowsEveryValueAndNoOther() throws IOException {
        Set<String> values = new TreeSet<>();
        collectKeys(values(), "", values);
        Set<String> known = new TreeSet<>();
        collectProperties(schema(), "", known);
        known.remove("global");

        assertThat(values).isEqualTo(known);
    }

    @Test
    void everyValueIsDescribed() {
        Set<String> silent = new TreeSet<>();
        collectSilent(schema(), "", silent);

        assertThat(silent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imag: {tag: x}",
                "workload: {replicas: two}",
                "workload: {autoscaling: {kind: vpa}}",
                "lanes: {main: {replica: 2}}",
                "networkPolicy: {egress: {kafka: [{cidr: 10.0.0.1, ports: [9093]}]}}",
                "monitoring: {scrape: always}",
                // The service's own configuration is looked at too, in editors and by Helm.
                "config: {lanes: {main: {jobs: {refreshLinks: {concurency: 3}}}}}",
                "config: {drain_timeout: 30}",
            })
    void helmRefusesWhatTheSchemaDoesNotAllow(String values) {
        assertThatThrownBy(() -> Chart.render("main", values))
                .hasMessageContaining("don't meet the specifications of the schema");
    }

    private static JsonNode values() throws IOException {
        return new YAMLMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    }

    private static JsonNode schema() {
        try {
            return new ObjectMapper()
                    .readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collectKeys(JsonNode node, String path, Set<String> keys) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String here = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (!here.equals("lanes.main")) {
                keys.add(here);
            }
            if (!OPEN.contains(here)) {
                collectKeys(entry.getValue(), here, keys);
            }
        }
    }

    private static void collectProperties(JsonNode rules, String path, Set<String> known) {
        for (Map.Entry<String, JsonNode> entry :
                resolve(rules).path("properties").properties()) {
            String here = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            known.add(here);
            if (!OPEN.contains(here)) {
                collectProperties(entry.getValue(), here, known);
            }
        }
    }

    private static void collectSilent(JsonNode rules, String path, Set<String> silent) {
        for (Map.Entry<String, JsonNode> entry :
                resolve(rules).path("properties").properties()) {
            String here = path + "." + entry.getKey();
            if (!entry.getValue().has("description")) {
                silent.add(here);
            }
            if (!here.equals(".config")) {
                collectSilent(entry.getValue(), here, silent);
            }
        }
    }

    private static JsonNode resolve(JsonNode rules) {
        String reference = rules.path("$ref").asText("");
        return reference.isEmpty() ? rules : schema().at(reference.substring(1));
    }
}
