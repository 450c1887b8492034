package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/** Makes the records of a document that is valid and complete. */
final class Binding {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new UnitsModule()
                    // The line break at the end of a file that a variable was filled from is no part of it.
                    .addDeserializer(Secret.class, new FromText<>(Secret.class, text -> new Secret(text.strip())))
                    .addDeserializer(Path.class, new FromText<>(Path.class, Path::of)))
            .build();

    private Binding() {}

    /**
     * Makes the records.
     *
     * @throws IllegalStateException where schema and records disagree, which is a bug
     */
    static Configuration toRecords(ObjectNode complete) {
        try {
            return MAPPER.treeToValue(complete, Configuration.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that the schema allows does not fit the records", e);
        }
    }
}
