package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads YAML into a {@link Document}. Anchors, aliases and merge keys are followed; how much they may grow and how deep
 * maps may nest is bounded, so that a hostile file ends in a problem and not in the heap. Only what YAML composes is
 * read, no tag constructs a Java object.
 */
final class YamlReader {

    private static final int MAX_VALUES = 50_000;
    private static final int MAX_DEPTH = 20;

    /** Without these the key is left out instead: nobody can change anything then (SPEC section 8). */
    private static final Set<JsonPointer> MAY_LACK_VARIABLE = Set.of(JsonPointer.compile("/admin/token"));

    /** The one URI that may hold a password. */
    private static final JsonPointer REDIS = JsonPointer.compile("/dedupe/redis/uri");

    private final Environment environment;
    private final Schema schema;
    private final List<Problem> problems;
    private final Map<JsonPointer, Integer> lines = new HashMap<>();
    private final Map<JsonPointer, String> written = new HashMap<>();
    private int values;
    private boolean isTooLarge;

    private YamlReader(Environment environment, Schema schema, List<Problem> problems) {
        this.environment = environment;
        this.schema = schema;
        this.problems = problems;
    }

    /**
     * Reads a file's text.
     *
     * @param schema tells where text is expected, so that a token of digits is none the less text
     * @param problems gets what is wrong: syntax, keys written twice, variables that are not set
     * @return empty where there is nothing that could be checked further
     */
    static Optional<Document> read(String text, Environment environment, Schema schema, List<Problem> problems) {
        YamlReader reader = new YamlReader(environment, schema, problems);
        try {
            String shielded = Environment.shield(text);
            return reader.document(new Yaml(options()).compose(new StringReader(shielded)));
        } catch (MarkedYAMLException e) {
            problems.add(syntax(e));
        } catch (YAMLException e) {
            problems.add(fileProblem(OptionalInt.empty(), "is not valid YAML", String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    private Optional<Document> document(@Nullable Node node) {
        if (node instanceof MappingNode map) {
            ObjectNode root = map(map, JsonPointer.empty(), 0);
            if (!isTooLarge) {
                return Optional.of(new Document(root, lines, written));
            }
            problems.add(fileProblem(
                    OptionalInt.empty(),
                    "is too large once its aliases are followed",
                    "at most " + MAX_VALUES + " values, nested at most " + MAX_DEPTH + " deep"));
        } else {
            problems.add(fileProblem(
                    node == null ? OptionalInt.empty() : OptionalInt.of(lineOf(node)),
                    node == null ? "is empty" : "must be a map of keys and values",
                    "it needs at least the keys `kafka` and `targets`"));
        }
        return Optional.empty();
    }

    private static Problem fileProblem(OptionalInt line, String rule, String hint) {
        return new Problem("", line, "", rule, hint);
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setMergeOnCompose(true);
        options.setNestingDepthLimit(MAX_DEPTH);
        return options;
    }

    private static Problem syntax(MarkedYAMLException e) {
        Mark mark = e.getProblemMark();
        if (mark == null) {
            return fileProblem(OptionalInt.empty(), "is not valid YAML", e.getProblem());
        }
        String where = "look at column " + (mark.getColumn() + 1) + ", and at the line above";
        return fileProblem(OptionalInt.of(mark.getLine() + 1), "is not valid YAML: " + e.getProblem(), where);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private JsonNode value(Node node, JsonPointer at, int depth) {
        if (++values > MAX_VALUES || depth > MAX_DEPTH) {
            isTooLarge = true;
            return NullNode.instance;
        }
        if (node instanceof MappingNode map) {
            return map(map, at, depth);
        } else if (node instanceof SequenceNode list) {
            return list(list, at, depth);
        }
        return scalar((ScalarNode) node, at);
    }

    private ObjectNode map(MappingNode node, JsonPointer at, int depth) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        Map<String, Integer> seen = new HashMap<>();
        for (NodeTuple entry : node.getValue()) {
            Node key = entry.getKeyNode();
            String name = key instanceof ScalarNode scalar ? Environment.unshield(scalar.getValue()) : "?";
            JsonPointer here = at.appendProperty(name);
            Integer first = seen.putIfAbsent(name, lineOf(key));
            if (first != null) {
                String hint = "the first is on line " + first + "; keep one of them";
                problems.add(new Problem(
                        Document.display(here), OptionalInt.of(lineOf(key)), "", "the key stands here twice", hint));
            } else {
                lines.put(here, lineOf(key));
                map.set(name, value(entry.getValueNode(), here, depth + 1));
            }
        }
        return map;
    }

    private ArrayNode list(SequenceNode node, JsonPointer at, int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Node item : node.getValue()) {
            JsonPointer here = at.appendIndex(list.size());
            lines.put(here, lineOf(item));
            list.add(value(item, here, depth + 1));
        }
        return list;
    }

    private JsonNode scalar(ScalarNode node, JsonPointer at) {
        String text = Environment.unshield(node.getValue());
        boolean isBare = node.getScalarStyle() == ScalarStyle.PLAIN;
        if (text.contains("${")) {
            return withVariables(text, isBare, at);
        }
        boolean isText = node.getTag().equals(Tag.STR) || (schema.expectsText(at) && !Scalars.isNothing(text));
        return isBare && !isText ? Scalars.typed(text) : TextNode.valueOf(text);
    }

    private JsonNode withVariables(String text, boolean isBare, JsonPointer at) {
        written.put(at, text);
        List<String> missing = environment.missingIn(text);
        if (missing.isEmpty()) {
            String replaced = at.equals(REDIS) ? environment.replaceInUri(text) : environment.replaceIn(text);
            boolean isText = schema.expectsText(at) || Scalars.isNothing(replaced);
            return isBare && !isText ? Scalars.typed(replaced) : TextNode.valueOf(replaced);
        }
        if (MAY_LACK_VARIABLE.contains(at)) {
            return NullNode.instance;
        }
        String name = missing.get(0);
        String rule = "the environment variable " + name + " is not set";
        OptionalInt line = OptionalInt.of(lines.getOrDefault(at, 1));
        problems.add(new Problem(Document.display(at), line, text, rule, environment.hintFor(name)));
        return TextNode.valueOf(text);
    }
}
