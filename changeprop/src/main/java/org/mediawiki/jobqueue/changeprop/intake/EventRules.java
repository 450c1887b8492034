package org.mediawiki.jobqueue.changeprop.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.resource.Resource;

/** One of the JSON Schemas that the intake ships. Immutable; any thread may use it. */
final class EventRules {

    /** So much of what is wrong with an event is told. */
    private static final int MOST_FAULTS = 5;

    private final JsonNode schema;
    private final JsonSchema validator;

    private EventRules(JsonNode schema) {
        this.schema = schema;
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .formatAssertionsEnabled(true)
                .build();
        this.validator = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema, config);
        validator.initializeValidators();
    }

    /** For job events, {@code /mediawiki/job/1.x}. */
    static EventRules ofJobs() {
        return shipped("job.schema.json");
    }

    /** For events of any other stream. */
    static EventRules ofEvents() {
        return shipped("event.schema.json");
    }

    /** The schema itself: what there are rules for. */
    JsonNode schema() {
        return schema;
    }

    /** What is wrong with an event, in a line for people; empty where nothing is. */
    Optional<String> fault(EventOutline event) {
        var findings = validator.validate(event.tree());
        return findings.isEmpty()
                ? Optional.empty()
                : Optional.of(findings.stream()
                        .map(ValidationMessage::getMessage)
                        .sorted()
                        .limit(MOST_FAULTS)
                        .collect(Collectors.joining("; ")));
    }

    private static EventRules shipped(String name) {
        try {
            return new EventRules(new ObjectMapper().readTree(Resource.bytes(EventRules.class, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is no JSON", e);
        }
    }
}
