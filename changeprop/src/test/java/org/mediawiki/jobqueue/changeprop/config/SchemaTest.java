package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dschema.update=true} writes the file anew; the next build puts it on the class path. */
class SchemaTest {

    private static final Path COMMITTED = Path.of("..", "config", "schema.json");

    @Test
    void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
        String generated = print(SchemaFromRecords.generate());
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(COMMITTED, generated);
        }

        assertThat(COMMITTED).hasContent(generated);
    }

    /** Helm knows the configuration among its values. */
    @Test
    void theChartsSchemaHoldsTheSame() throws IOException {
        String generated = print(ChartSchema.withConfiguration(SchemaFromRecords.generate()));
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(ChartSchema.FILE, generated);
        }

        assertThat(ChartSchema.FILE).hasContent(generated);
    }

    /**
     * What an editor shows for a key, offers as its value and marks as mistaken. {@code config/try-in-editor} asks the
     * server that editors use.
     */
    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyIsOfUseInAnEditor(String name, JsonNode key, boolean isRequired) {
        assertThat(key.path("description").asText()).as(name).endsWith(".").hasSizeGreaterThan(15);
        assertThat(key.has("default")
                        || isRequired
                        || SAYS_WHAT_ABSENCE_MEANS.matcher(key.toString()).find())
                .as("%s has a default, or says what it means to leave it out", name)
                .isTrue();
        assertThat(key.has("type") || key.has("$ref")).as(name).isTrue();
        switch (key.path("type").asText()) {
            case "string" ->
                assertThat(key.has("enum") || key.has("pattern") || FREE_TEXT.contains(name))
                        .as("%s has words, or a form", name)
                        .isTrue();
            case "integer", "number" -> assertThat(key.has("minimum")).as(name).isTrue();
            default -> {}
        }
        for (JsonNode text : List.of(key, key.path("items"), key.path("propertyNames"))) {
            if (text.has("pattern")) {
                Pattern pattern = Pattern.compile(text.get("pattern").asText());
                assertThat(text.path("title").asText()).as(name).isNotEmpty();
                assertThat(text.path("examples"))
                        .as(name)
                        .isNotEmpty()
                        .allMatch(example -> pattern.matcher(example.asText()).find());
            }
        }
    }

    /** Those that are a host, a file, an address or a password, or name something else in the file. */
    private static final Set<String> FREE_TEXT = Set.of(
            "AdminConfig.host",
            "AdminConfig.token",
            "IntakeConfig.host",
            "IntakeConfig.secret",
            "LaneConfig.target",
            "RedisConfig.uri",
            "SchedulerConfig.folder",
            "ServerTlsConfig.certificate",
            "ServerTlsConfig.key",
            "StandaloneConfig.folder",
            "TargetConfig.server_group",
            "TargetConfig.uri",
            "TargetConfig.user_agent",
            "TlsConfig.ca",
            "TlsConfig.certificate",
            "TlsConfig.key",
            "TracingConfig.endpoint");

    private static final Pattern SAYS_WHAT_ABSENCE_MEANS = Pattern.compile(
            "(?i)absent|without|default:|left out|no lane|in place of|needed with|goes with|private key of `certificate`");

    static Stream<Arguments> keys() {
        ObjectNode schema = SchemaFromRecords.generate();
        Map<String, JsonNode> definitions = new TreeMap<>();
        definitions.put("Configuration", schema);
        schema.path("$defs").properties().forEach(entry -> definitions.put(entry.getKey(), entry.getValue()));
        return definitions.entrySet().stream().flatMap(SchemaTest::keysOf);
    }

    private static Stream<Arguments> keysOf(Map.Entry<String, JsonNode> definition) {
        Set<String> required = new HashSet<>();
        definition.getValue().path("required").forEach(name -> required.add(name.asText()));
        return definition.getValue().path("properties").properties().stream()
                .map(entry -> arguments(
                        definition.getKey() + "." + entry.getKey(),
                        entry.getValue(),
                        required.contains(entry.getKey())));
    }

    private static String print(ObjectNode schema) throws IOException {
        DefaultIndenter unixLines = new DefaultIndenter("  ", "\n");
        return new ObjectMapper()
                        .writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(unixLines)
                                .withArrayIndenter(unixLines))
                        .writeValueAsString(schema)
                + "\n";
    }
}
