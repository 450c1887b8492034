package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.function.Consumer;

/** Keys, types, units and ranges, by the JSON Schema; its findings in our words. */
final class StructureCheck implements Check {

    private final Schema schema;
    private final JsonSchema validator;

    StructureCheck(Schema schema) {
        this.schema = schema;
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
        this.validator = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema.root(), config);
    }

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        for (ValidationMessage finding : validator.validate(document.root())) {
            problems.accept(inOurWords(document, finding));
        }
    }

    private Problem inOurWords(Document document, ValidationMessage finding) {
        JsonPointer at = JsonPointer.compile(finding.getInstanceLocation().toString());
        return switch (finding.getType()) {
            case "additionalProperties" -> unknownKey(document, at, finding.getProperty());
            case "required" -> missingKey(document, at.appendProperty(finding.getProperty()));
            case "propertyNames", "uniqueItems", "minItems", "minProperties" -> wrongWhole(document, at, finding);
            default -> wrongValue(document, at);
        };
    }

    private Problem unknownKey(Document document, JsonPointer at, String key) {
        return document.problem(at.appendProperty(key), "unknown key", Spelling.hint(key, schema.keysAt(at)));
    }

    private Problem missingKey(Document document, JsonPointer at) {
        JsonPointer wanted = schema.deepestRequired(at);
        return document.problem(wanted, "is missing", description(schema.at(wanted)));
    }

    private Problem wrongWhole(Document document, JsonPointer at, ValidationMessage finding) {
        JsonNode rules = schema.at(at);
        return switch (finding.getType()) {
            case "uniqueItems" -> document.problem(at, "must not name anything twice", description(rules));
            case "propertyNames" -> wrongKey(document, at, finding);
            default -> document.problem(at, "must not be empty", description(rules));
        };
    }

    private Problem wrongKey(Document document, JsonPointer at, ValidationMessage finding) {
        JsonNode rules = schema.at(at).path("propertyNames");
        return document.problem(
                at.appendProperty(finding.getProperty()), "the key must be " + Schema.describe(rules), examples(rules));
    }

    private Problem wrongValue(Document document, JsonPointer at) {
        JsonNode rules = schema.at(at);
        return document.problem(
                at,
                "must be " + Schema.describe(rules),
                hint(rules, document.root().at(at)));
    }

    private static String hint(JsonNode rules, JsonNode value) {
        if (rules.has("enum")) {
            return Spelling.nearest(value.asText(), Schema.texts(rules.get("enum")))
                    .map(near -> "did you mean `" + near + "`?")
                    .orElseGet(() -> description(rules));
        } else if (rules.has("examples")) {
            return examples(rules);
        } else if (value.isTextual() && isWrittenBare(rules, value.asText())) {
            return "write it without quotes: " + value.asText().trim();
        }
        return description(rules);
    }

    /** Whether the text would be right if it stood in the file without quotes. */
    private static boolean isWrittenBare(JsonNode rules, String text) {
        JsonNode bare = Scalars.typed(text.trim());
        return switch (rules.path("type").asText()) {
            case "integer", "number" -> bare.isNumber();
            case "boolean" -> bare.isBoolean();
            default -> false;
        };
    }

    private static String examples(JsonNode rules) {
        List<String> examples = Schema.texts(rules.path("examples"));
        return "such as " + String.join(", ", examples);
    }

    private static String description(JsonNode rules) {
        return rules.path("description").asText("see the documentation of the key");
    }
}
