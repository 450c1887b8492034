package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.Rate;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/** Makes the records of a document that is valid and complete. */
final class Binding {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new FromText<>(Duration.class, Durations::parse))
                    .addDeserializer(Rate.class, new FromText<>(Rate.class, Rate::parse))
                    .addDeserializer(DataSize.class, new FromText<>(DataSize.class, DataSize::parse))
                    .addDeserializer(Secret.class, new FromText<>(Secret.class, Secret::new))
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

    /** Reads a value that is written as text. */
    private static final class FromText<T> extends StdScalarDeserializer<T> {

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parse.apply(parser.getText());
        }
    }
}
