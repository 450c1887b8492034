package org.mediawiki.jobqueue.loadtest.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Results as JSON: a list, in the order of the trials. */
public final class Results {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantOfText()));

    private Results() {}

    /** Writes them to a file, which is replaced. */
    public static void write(List<Result> results, Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), results);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IOException where it cannot be read, or holds something else
     */
    public static List<Result> read(Path file) throws IOException {
        return List.of(JSON.readValue(file.toFile(), Result[].class));
    }

    /** On one line, safe within a script element. */
    static String inline(List<Result> results) {
        try {
            return JSON.writeValueAsString(results).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final class InstantOfText extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
