package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/** The scenarios that are shipped, and anybody's own. */
public final class Scenarios {

    /** In the order in which they are listed: what is asked most comes first. */
    private static final List<String> SHIPPED = List.of(
            "throughput",
            "throughput-http2",
            "utilisation-50",
            "utilisation-200",
            "utilisation-1000",
            "latency",
            "production",
            "fairness",
            "delayed",
            "million-waiting",
            "outage-503",
            "outage-refuse",
            "outage-reset",
            "outage-hang",
            "outage-slow",
            "read-only",
            "kill",
            "disconnect",
            "rolling-restart",
            "scale",
            "long-jobs",
            "big-payloads",
            "idle",
            "smoke");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .registerModule(new SimpleModule()
                    .addDeserializer(Duration.class, new FromText<>(Duration.class, Durations::parse))
                    .addDeserializer(Rate.class, new FromText<>(Rate.class, Rate::parse))
                    .addDeserializer(DataSize.class, new FromText<>(DataSize.class, DataSize::parse)));

    private Scenarios() {}

    /** The names of the shipped ones. */
    public static List<String> names() {
        return SHIPPED;
    }

    /**
     * A shipped scenario by its name, or one in a file.
     *
     * @throws IllegalArgumentException where there is none, or it is none; the message says where and why
     */
    public static Scenario named(String nameOrFile) {
        if (SHIPPED.contains(nameOrFile)) {
            return parse(nameOrFile, shipped(nameOrFile));
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "no scenario and no file: " + nameOrFile + "; shipped are " + String.join(", ", SHIPPED));
        }
        try {
            return parse(nameOrFile, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(nameOrFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a scenario; {@code name} is for messages. */
    static Scenario parse(String name, String text) {
        try {
            return YAML.readValue(text, Scenario.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static String shipped(String name) {
        try (InputStream text = Scenarios.class.getResourceAsStream(name + ".yaml")) {
            if (text == null) {
                throw new IllegalStateException("not in the jar: " + name + ".yaml");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a value with a unit. */
    private static final class FromText<T> extends StdDeserializer<T> {

        private static final long serialVersionUID = 1;

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }
}
