package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.config.load.UnitsModule;
import org.mediawiki.jobqueue.changeprop.resource.Resource;

/**
 * Reads what a load test is told, from the jar or from anybody's file. An element of a list, and a key, in which
 * <code>{01..30}</code> stands, is thirty of them, as a shell would have it.
 */
final class SpecYaml {

    private static final Pattern RANGE = Pattern.compile("(.*)\\{(\\d+)\\.\\.(\\d+)}(.*)");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .registerModule(new UnitsModule());

    private SpecYaml() {}

    /**
     * Reads a shipped one by its name, or one in a file.
     *
     * @param what it is, for messages
     * @param shipped the names of those in the jar
     * @throws IllegalArgumentException where there is none, or it is none; the message says where and why
     */
    static <T> T named(String what, List<String> shipped, String nameOrFile, Class<T> type) {
        if (shipped.contains(nameOrFile)) {
            return parse(nameOrFile, Resource.text(SpecYaml.class, nameOrFile + ".yaml"), type);
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "no " + what + " and no file: " + nameOrFile + "; shipped are " + String.join(", ", shipped));
        }
        try {
            return parse(nameOrFile, Files.readString(file), type);
        } catch (IOException e) {
            throw new IllegalArgumentException(nameOrFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a text; {@code name} is for messages. */
    static <T> T parse(String name, String text, Class<T> type) {
        try {
            return YAML.treeToValue(spelledOut(YAML.readTree(text)), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode spelledOut(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode all = YAML.createArrayNode();
            for (JsonNode element : array) {
                if (element.isTextual()) {
                    spelledOut(element.textValue()).forEach(all::add);
                } else {
                    all.add(spelledOut(element));
                }
            }
            return all;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode all = YAML.createObjectNode();
            object.properties().forEach(entry -> {
                JsonNode value = spelledOut(entry.getValue());
                spelledOut(entry.getKey()).forEach(key -> all.set(key, value));
            });
            return all;
        }
        return node;
    }

    private static Stream<String> spelledOut(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return Stream.of(text);
        }
        String number = "%0" + range.group(2).length() + "d";
        return IntStream.rangeClosed(Integer.parseInt(range.group(2)), Integer.parseInt(range.group(3)))
                .mapToObj(i -> range.group(1) + String.format(number, i) + range.group(4));
    }
}
