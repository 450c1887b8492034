package org.mediawiki.jobqueue.changeprop.config;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the JSON Schema of the configuration from its records and their {@link Setting}s. */
final class SchemaFromRecords {

    private static final Set<Class<?>> WRITTEN_AS_TEXT =
            Set.of(Duration.class, Rate.class, DataSize.class, Secret.class, URI.class, Path.class);

    private SchemaFromRecords() {}

    static ObjectNode generate() {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS);
        builder.forTypesInGeneral()
                .withPropertySorter((unusedOne, unusedOther) -> 0)
                .withAdditionalPropertiesResolver(SchemaFromRecords::valuesOf)
                .withCustomDefinitionProvider(SchemaFromRecords::ofOurs);
        builder.forFields()
                .withIgnoreCheck(field -> field.getAnnotation(Setting.class) == null)
                .withAdditionalPropertiesResolver(SchemaFromRecords::valuesOf)
                .withPropertyNameOverrideResolver(field -> new SnakeCaseStrategy().translate(field.getName()))
                .withRequiredCheck(SchemaFromRecords::isRequired)
                .withInstanceAttributeOverride((node, field, unusedContext) -> describe(node, field));
        ObjectNode schema = new SchemaGenerator(builder.build()).generateSchema(Configuration.class);
        return schema.put("title", "Configuration of the MediaWiki job queue");
    }

    private static @Nullable CustomDefinition ofOurs(ResolvedType type, SchemaGenerationContext context) {
        ObjectNode node = context.getGeneratorConfig().createObjectNode();
        if (type.isInstanceOf(Map.class)) {
            node.put("type", "object");
        } else if (type.getErasedType().isEnum()) {
            for (Object constant : type.getErasedType().getEnumConstants()) {
                node.put("type", "string")
                        .withArray("enum")
                        .add(constant.toString().toLowerCase(Locale.ROOT));
            }
        } else if (WRITTEN_AS_TEXT.contains(type.getErasedType())) {
            node.put("type", "string");
        } else {
            return null;
        }
        return new CustomDefinition(node, DefinitionType.INLINE, AttributeInclusion.YES);
    }

    private static boolean isRequired(FieldScope field) {
        Setting setting = field.getAnnotation(Setting.class);
        return setting != null && setting.required() && !field.isFakeContainerItemScope();
    }

    private static void describe(ObjectNode node, FieldScope field) {
        Setting setting = field.getAnnotation(Setting.class);
        if (setting == null) {
            return;
        }
        if (field.isFakeContainerItemScope()) {
            form(node, isMap(field) ? TextForm.ANY : setting.form());
            return;
        }
        node.put("description", setting.value() + (setting.restart() ? " A change needs a restart." : ""));
        if (!setting.byDefault().isEmpty()) {
            node.set("default", yaml(setting.byDefault()));
        }
        bound(node, "minimum", setting.min(), field);
        bound(node, "maximum", setting.max(), field);
        if (isMap(field)) {
            describeMap(node, setting);
        } else if (field.isContainerType()) {
            node.put("uniqueItems", true);
            if (setting.required()) {
                node.put("minItems", 1);
            }
        } else {
            form(node, formOf(field, setting));
        }
    }

    private static boolean isMap(FieldScope field) {
        return Map.class.isAssignableFrom(field.getRawMember().getType());
    }

    private static void describeMap(ObjectNode node, Setting setting) {
        if (setting.required()) {
            node.put("minProperties", 1);
        }
        if (setting.form() == TextForm.NAME) {
            form(node.withObject("/propertyNames"), TextForm.NAME);
        }
    }

    /** Numbers are welcome as the texts of a map: people write {@code linger.ms: 20}. */
    private static @Nullable JsonNode valuesOf(TypeScope scope, SchemaGenerationContext context) {
        ResolvedType type = scope.getType();
        if (!type.isInstanceOf(Map.class) || type.getTypeParameters().get(1).getErasedType() != String.class) {
            return null;
        }
        ObjectNode values = context.getGeneratorConfig().createObjectNode();
        values.withArray("type").add("string").add("number").add("boolean");
        return values;
    }

    private static TextForm formOf(FieldScope field, Setting setting) {
        Class<?> type = field.getType().getErasedType();
        if (type == Duration.class) {
            return setting.min() == 0 ? TextForm.DURATION : TextForm.POSITIVE_DURATION;
        }
        if (type == DataSize.class) {
            return TextForm.DATA_SIZE;
        }
        return type == Rate.class ? TextForm.RATE : setting.form();
    }

    private static void form(ObjectNode node, TextForm form) {
        if (form != TextForm.ANY) {
            node.put("title", form.title()).put("pattern", form.pattern());
            form.examples().forEach(node.withArray("examples")::add);
        }
    }

    private static void bound(ObjectNode node, String keyword, double bound, FieldScope field) {
        if (Double.isFinite(bound) && field.getType().getErasedType() != Duration.class) {
            node.set(
                    keyword, yaml(BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString()));
        }
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
